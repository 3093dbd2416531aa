// SPDX-License-Identifier: MIT
// The state of each device at an event, made of nothing but the events up to it: what
// registers were written, what the device has told, what its reads of memory showed.
// A copy is kept every few thousand events of a device, so that any is near one.

const EVERY = 4096;
const NO_VECTOR = 0xffff;
const MSIX = 0x11;         // PCI 3.0 6.8.2.1
const VECTOR_MASK = 1;     // 6.8.2.9

const freshQueue = () => ({
	size: 0, vector: NO_VECTOR, desc: 0n, driver: 0n, device: 0n,
	kicks: 0, avail: null, used: null, last: '',
});

const freshDevice = () => ({
	command: 0, status: 0, features: null, configVector: NO_VECTOR,
	select: 0, queues: {}, line: false, drivers: [], rung: '',
	// What the driver has found of the capability list, and of MSI-X in it.
	chain: [], cap: 0, control: 0, entries: 0, bar: -1, table: 0,
	vectors: {}, owners: [],
});

const freshVector = () => ({
	addr: 0n, data: 0, control: VECTOR_MASK, pending: false, sent: 0,
});

const at = (o, key, make) => o[key] || (o[key] = make());

// The list of capabilities, as the driver walks it: PCI 3.0 6.7.
function seeConfigRead(d, offset, v, width) {
	const next = p => {
		if (p >= 0x40 && !d.chain.includes(p & 0xfc))
			d.chain.push(p & 0xfc);
	};

	if (offset === 0x34)
		next(v & 0xff);
	if (d.chain.includes(offset)) {
		if ((v & 0xff) === MSIX)
			d.cap = offset;
		if (width > 1)
			next(v >> 8 & 0xff);
	} else if (width === 1 && d.chain.includes(offset - 1)) {
		next(v);
	}
	if (!d.cap)
		return;
	if (offset === d.cap + 2)
		d.entries = (v & 0x7ff) + 1;
	if (offset === d.cap + 4 && width === 4) {
		d.bar = v & 7;
		d.table = v - (v & 7);
	}
}

// An entry: address, upper address, data, Vector Control; PCI 3.0 6.8.2.6.
function seeTableWrite(d, offset, v, width) {
	const e = at(d.vectors, offset >> 4, freshVector);
	const low = BigInt.asUintN(32, bigOf(v)), high = bigOf(v) >> 32n;
	const dword = (n, x) => {
		if (n === 0)
			e.addr = e.addr >> 32n << 32n | x;
		else if (n === 1)
			e.addr = BigInt.asUintN(32, e.addr) | x << 32n;
		else if (n === 2)
			e.data = Number(x);
		else
			e.control = Number(x);
	};

	dword(offset >> 2 & 3, low);
	if (width === 8)
		dword((offset >> 2 & 3) + 1, high);
}

const half = (old, high, v) => high ? BigInt.asUintN(32, old) | v << 32n :
	old >> 32n << 32n | BigInt.asUintN(32, v);

// What a driver writes into the registers of virtio 1.2 4.1.4.3.
function seeRegisterWrite(d, reg, offset, v, width) {
	const q = at(d.queues, d.select, freshQueue);
	const area = { queue_desc: 'desc', queue_driver: 'driver',
		queue_device: 'device' }[reg.name];

	if (reg.name === 'queue_select')
		d.select = numberOf(v);
	else if (area && width === 8)
		q[area] = bigOf(v);
	else if (area)
		q[area] = half(q[area], offset > reg.at, bigOf(v));
	else if (reg.name === 'Queue Address')
		q.desc = bigOf(v) << 12n;
}

// In the legacy layout the available ring follows the descriptors: 2.7.2.
function seeEnable(q, size) {
	q.size = size;
	if (!q.driver && q.desc)
		q.driver = q.desc + 16n * BigInt(size);
}

// A device reset: virtio 1.2 2.4, 4.1.4.3.1.
function forget(d) {
	d.status = 0;
	d.features = null;
	d.configVector = NO_VECTOR;
	d.queues = {};
	d.select = 0;
}

// The device looks at the available ring's index: 2.7.6.
function seeDmaRead(d, addr, v, len) {
	if (len !== 2)
		return;
	for (const q of Object.values(d.queues))
		if (q.size && BigInt(numberOf(addr)) === q.driver + 2n)
			q.avail = v;
}

const MODEL = {
	'command': (d, s, v) => { d.command = v; },
	'msix-control': (d, s, v) => { d.control = v; },
	'status': (d, s, v) => v ? d.status = v : forget(d),
	'reset': d => forget(d),
	'features': (d, s, v) => { d.features = v; },
	'config-vector': (d, s, v) => { d.configVector = v; },
	'queue-vector': (d, s, v) => { at(d.queues, s.index, freshQueue).vector = v; },
	'queue-enable': (d, s, v) => seeEnable(at(d.queues, s.index, freshQueue), v),
	'kick': (d, s) => { at(d.queues, s.index, freshQueue).kicks++; },
	'used': (d, s, v) => { at(d.queues, s.index, freshQueue).used = v; },
	'msix-pending': (d, s, v) => {
		at(d.vectors, s.index, freshVector).pending = v === 1;
	},
	'notify': (d, s) => {
		if (s.index !== null && s.index !== NO_QUEUE)
			at(d.queues, s.index, freshQueue).last = s.name || '';
	},
};

const NOTE = {
	'probe-begin': (d, s) => { d.drivers.push({ name: s.text, bound: false }); },
	'probe-end': (d, s) => {
		const k = d.drivers.findLastIndex(x => x.name === s.text);

		if (k >= 0 && (s.len | 0))
			d.drivers.splice(k, 1);
		else if (k >= 0)
			d.drivers[k].bound = true;
	},
	'remove-end': (d, s) => {
		d.drivers = d.drivers.filter(x => x.name !== s.text);
		d.rung = '';
	},
	'rung-begin': (d, s) => { d.rung = s.text; },
	'rung-end': (d, s) => { d.rung = (s.len | 0) < 0 ? '' : s.text; },
	'irq-owner': (d, s, v, a) => {
		d.owners.push({ name: s.text, line: a === 1, cpu: v >> 16, number: v & 0xffff });
	},
	'irq-released': (d, s, v, a) => {
		const k = d.owners.findLastIndex(o => o.line === (a === 1) &&
			o.cpu === v >> 16 && o.number === (v & 0xffff) &&
			(!s.text || o.name === s.text));

		if (k >= 0)
			d.owners.splice(k, 1);
	},
};

function step(d, i) {
	const s = EV.of(i), v = EV.value[i], a = EV.addr[i];

	switch (s.kind) {
	case 'config-read':
		seeConfigRead(d, a, v, s.len);
		break;
	case 'mmio-write':
		if (s.index === d.bar && a >= d.table && a < d.table + 16 * d.entries)
			seeTableWrite(d, a - d.table, v, s.len);
		else if (s.reg)
			seeRegisterWrite(d, s.reg, a, v, s.len);
		break;
	case 'io-write':
		if (s.reg)
			seeRegisterWrite(d, s.reg, a, v, s.len);
		break;
	case 'dma-read':
		seeDmaRead(d, a, v, s.len);
		break;
	case 'msi':
		if (s.index !== null)
			at(d.vectors, s.index, freshVector).sent++;
		break;
	case 'intx':
		d.line = v !== 0;
		break;
	case 'model':
		if (MODEL[s.word])
			MODEL[s.word](d, s, v);
		break;
	case 'note':
		if (NOTE[s.word])
			NOTE[s.word](d, s, v, a);
		break;
	}
}

// Device d's state when event i has happened.
const stateAt = (() => {
	const own = DEVICES.map(() => []), kept = DEVICES.map(() => [freshDevice()]);

	for (let i = 0; i < EV.n; i++)
		if (EV.of(i).device !== null)
			own[EV.of(i).device].push(i);
	return (d, i) => {
		const list = own[d], copies = kept[d];
		const n = lowerBound(list.length, k => list[k], i + 1);
		const from = Math.min(Math.floor(n / EVERY), copies.length - 1);
		const now = structuredClone(copies[from]);

		for (let k = from * EVERY; k < n; k++) {
			step(now, list[k]);
			if (k + 1 === copies.length * EVERY)
				copies.push(structuredClone(now));
		}
		return now;
	};
})();
