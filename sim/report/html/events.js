// SPDX-License-Identifier: MIT
// The events: columns as the page has them, and how one is written.  An event is its
// number, from 0; people see numbers from 1, as lines of a trace have them.

const byId = id => document.getElementById(id);
const read = id => JSON.parse(byId(id).textContent);

const DATA = read('data');
const RESULT = DATA.result, PAGE = DATA.page;
const DEVICES = RESULT.devices;

const EV = (() => {
	const raw = read('events');
	const n = raw.shape.length;
	const time = new Float64Array(n);
	const kinds = raw.kinds.map(k => ({
		name: k[0],
		index: [k[1], k[2]], addr: [k[3], k[4]],
		value: [k[5], k[6]], len: [k[7], k[8]],
	}));
	const regs = raw.regs.map(r => ({
		name: r[0], at: r[1], width: r[2], section: r[3], about: r[4],
	}));
	const shapes = raw.shapes.map(s => ({
		fields: kinds[s[0]], kind: kinds[s[0]].name, word: s[1],
		device: s[2], cpu: s[3], index: s[4], len: s[5], text: s[6],
		reg: s[7] === null ? null : regs[s[7]], name: s[8],
	}));
	let t = 0;

	for (let i = 0; i < n; i++)
		time[i] = t += raw.time[i];
	return {
		n, time, shapes, shape: Uint32Array.from(raw.shape),
		addr: raw.addr, value: raw.value,
		of: i => shapes[raw.shape[i]],
	};
})();

const NO_QUEUE = 0xffff;

// A value that a double cannot hold came as the hex digits of 64 bits.
const bigOf = v => typeof v === 'string' ? BigInt('0x' + v) : BigInt(v);
const numberOf = v => typeof v === 'string' ? parseInt(v, 16) : v;
const hex = v => '0x' + (typeof v === 'string' ? v : v.toString(16));

// By the style that trace lines have for it (sim/trace/format.h); '' where a line
// leaves it out.
function written(v, style) {
	switch (style) {
	case 'x':
		return hex(v);
	case 'n':
		return v ? hex(v) : '';
	case 's':
		return BigInt.asIntN(64, bigOf(v)).toString();
	case 'i':
		return v ? String(v | 0) : '';
	case 'o':
		return v === null || v === NO_QUEUE ? '' : String(v);
	default:
		return style && v !== null ? bigOf(v).toString() : '';
	}
}

function field([name, style], v) {
	const text = written(v, style);

	return text && name + '=' + text;
}

// Its numbers, as a trace has them: "bar=4 offset=0x14 value=0xf width=1".
function numbersOf(i) {
	const s = EV.of(i), f = s.fields;

	return [typeof s.index === 'string' ? f.index[0] + '=' + s.index :
			field(f.index, s.index),
		field(f.addr, EV.addr[i]), field(f.value, EV.value[i]),
		field(f.len, s.len)].filter(Boolean).join(' ');
}

// What a reader looks for first: the register, the text, the name of a value.
function namesOf(i) {
	const s = EV.of(i);

	return [s.reg && s.reg.name, s.text, s.name].filter(Boolean).join(' ');
}

const deviceName = i => {
	const d = EV.of(i).device;

	return d === null ? '' : DEVICES[d].id;
};

function timeText(ps) {
	const units = [[1e12, 's'], [1e9, 'ms'], [1e6, 'us'], [1e3, 'ns']];

	for (const [size, unit] of units)
		if (ps >= size)
			return (ps / size).toFixed(3) + ' ' + unit;
	return ps + ' ps';
}

function sentence(i) {
	const s = EV.of(i);

	return ['Event ' + (i + 1) + ' of ' + EV.n, timeText(EV.time[i]),
		deviceName(i), s.word, namesOf(i), numbersOf(i)]
		.filter(Boolean).join(', ');
}

// The first of an ascending column that is not below v.
function lowerBound(n, at, v) {
	let low = 0, high = n;

	while (low < high) {
		const middle = (low + high) >> 1;

		if (at(middle) < v)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// ---- lanes ----

const LANES = [];
const MOST_DEVICE_LANES = 8;

(() => {
	const bus = /^(config|mmio|io)-|^bus-|^dma-/;
	const interrupts = /^(msi|msi-lost|intx|irq-raise)$/;
	const run = /^(step|step-end|end)$/;
	const found = new Map();
	const keyOf = s => {
		if (run.test(s.kind))
			return [0, 0, 'Workload', 'run'];
		if (bus.test(s.kind))
			return [2, 0, 'Bus', 'bus'];
		if (interrupts.test(s.kind))
			return [4, 0, 'Interrupts', 'irq'];
		if (s.device !== null && s.cpu === null)
			return s.device < MOST_DEVICE_LANES ?
				[3, s.device, DEVICES[s.device].id, 'device'] :
				[3, MOST_DEVICE_LANES, 'other devices', 'device'];
		return [1, s.cpu || 0, 'CPU ' + (s.cpu || 0), 'cpu'];
	};

	for (const s of EV.shapes) {
		const [group, n, name, kind] = keyOf(s);

		s.place = group * 1000 + n;
		found.set(s.place, { name, kind, events: [] });
	}
	const places = [...found.keys()].sort((a, b) => a - b);

	for (const p of places)
		LANES.push(found.get(p));
	for (const s of EV.shapes)
		s.lane = places.indexOf(s.place);
	for (let i = 0; i < EV.n; i++)
		LANES[EV.of(i).lane].events.push(i);
})();

// ---- marks ----

// What a reader should not miss, by event: {what, text}.
const MARKS = new Map();

(() => {
	const told = new Set(['guest-error', 'needs-reset', 'msi-lost']);

	for (let i = 0; i < EV.n; i++) {
		const s = EV.of(i);

		if (s.kind === 'fault')
			MARKS.set(i, { what: 'fault', text: namesOf(i) });
		else if (s.kind === 'clause')
			MARKS.set(i, { what: 'clause', text: s.text });
		else if (s.kind === 'guest-bug')
			MARKS.set(i, { what: 'finding', text: s.text });
		else if (told.has(s.word))
			MARKS.set(i, { what: 'notice', text: s.word + ' ' + (s.text || '') });
	}
	for (const f of [...RESULT.findings, ...(RESULT.expected_findings || [])])
		if (f.event && f.event <= EV.n)
			MARKS.set(f.event - 1, {
				what: f.clause ? 'clause' : 'finding', text: f.text,
			});
})();

const MARKED = [...MARKS.keys()].sort((a, b) => a - b);
