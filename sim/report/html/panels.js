// SPDX-License-Identifier: MIT
// What stands around the timeline: the machine, the ladder, the verdict, the state of
// a device, the chosen event, the story.  All text goes in as text, never as markup.

function el(tag, attributes = {}, ...children) {
	const e = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes))
		if (value !== false && value !== null && value !== undefined ||
		    name.startsWith('aria-'))
			e.setAttribute(name, value);
	e.append(...children.flat(9).filter(c => c !== null && c !== undefined && c !== ''));
	return e;
}

const button = (text, onClick, attributes = {}) => {
	const b = el('button', { type: 'button', ...attributes }, text);

	b.addEventListener('click', onClick);
	return b;
};

const plural = (n, word) => n + ' ' + word + (n === 1 ? '' : 's');

// "event 12", which chooses it.
const toEvent = (number, choose) => number ?
	button('event ' + number, () => choose(number - 1), { class: 'link' }) : '';

function table(caption, heads, rows) {
	return el('table', {}, el('caption', {}, caption),
		el('thead', {}, el('tr', {}, heads.map(h => el('th', { scope: 'col' }, h)))),
		el('tbody', {}, rows.map(r => el('tr', {}, r.map((c, k) =>
			k ? el('td', {}, c) : el('th', { scope: 'row' }, c))))));
}

const pairs = rows => el('dl', {}, rows.map(([name, value]) =>
	[el('dt', {}, name), el('dd', {}, value)]));

function bytes(n) {
	const units = ['bytes', 'KiB', 'MiB', 'GiB'];
	let u = 0;

	for (; u < 3 && n && n % 1024 === 0; u++)
		n /= 1024;
	return n + ' ' + units[u];
}

// ---- head ----

function showHead() {
	const r = RESULT, chip = text => el('span', {}, text);

	byId('head').prepend(el('span', { class: 'verdict ' + r.verdict },
		r.verdict.toUpperCase()));
	byId('head').append(el('p', { class: 'facts' },
		chip(timeText(r.simulated_ps) + ' simulated'), chip(plural(EV.n, 'event')),
		chip('guest ' + r.guest.name), chip('seed ' + r.scenario.seed)));
	if (PAGE.about)
		byId('head').append(el('p', { class: 'about' }, PAGE.about));
}

// ---- machine ----

function showMachine(chooseDevice) {
	const device = (d, i) => el('li', {}, button(
		[el('b', {}, d.id), ' ', d.model || 'device'], () => chooseDevice(i),
		{ 'data-device': i, 'aria-pressed': 'false' }),
		el('span', { class: 'small' }, 'slot ' + d.slot +
			(PAGE.devices[i].pin ? ', pin INT' + ' ABCD'[PAGE.devices[i].pin] : ', no pin') +
			', ends as ' + d.interrupts));
	const cpus = Array.from({ length: PAGE.cpus }, (_, n) => 'CPU ' + n);
	const list = DEVICES.map(device);

	byId('machine').replaceChildren(el('ul', { class: 'tree' },
		el('li', {}, cpus.length > 4 ? plural(cpus.length, 'CPU') : cpus.join(', '),
			el('span', { class: 'small' }, 'guest ' + RESULT.guest.name)),
		el('li', {}, 'Memory, ' + bytes(PAGE.memory)),
		el('li', {}, 'PCI host bridge',
			el('span', { class: 'small' }, RESULT.scenario.timing + ', DMA ' + PAGE.dma),
			el('ul', { 'aria-label': 'Devices on bus 0' }, list))));
}

function markDevice(i) {
	for (const b of byId('machine').querySelectorAll('[data-device]'))
		b.setAttribute('aria-pressed', String(+b.dataset.device === i));
}

// ---- ladder ----

// Each bind of a device: the entries of the story that belong to it.
const BINDS = DEVICES.map(d => {
	const binds = [];

	RESULT.story.forEach((e, k) => {
		const n = PAGE.lines[k].bind;

		if (e.device !== d.id || !n)
			return;
		while (binds.length < n)
			binds.push({ entries: [], first: Infinity });
		binds[n - 1].entries.push({ ...e, chain: PAGE.lines[k].chain });
		binds[n - 1].first = Math.min(binds[n - 1].first, e.event - 1);
	});
	return binds;
});

const reason = e => [e.text || e.point || 'failed', e.error ? ' \u2192 ' + e.error : ''];

function why(e, choose) {
	return el('li', {}, el('span', { class: 'why' }, reason(e)), ' ',
		el('span', { class: e.injected ? 'small' : 'blame' }, e.injected ?
			'injected, call ' + e.call : 'not injected'), ' ',
		toEvent(e.event, choose),
		e.chain ? el('div', { class: 'small chain' }, e.chain) : '');
}

function rungItem(name, state, words, whys) {
	const sign = { reached: '\u25cf', failed: '\u2715', untried: '\u25cb' }[state];

	return el('li', { class: 'rung ' + state },
		el('div', { class: 'bar-of' }, el('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
			el('b', {}, name), el('span', { class: 'word' }, words)),
		whys.length ? el('ul', { class: 'whys' }, whys) : '');
}

function showLadder(d, n, choose) {
	const bind = BINDS[d] && BINDS[d][n], box = byId('ladder');
	const out = [];

	if (!bind) {
		box.replaceChildren(el('p', { class: 'small' }, DEVICES[d] ?
			DEVICES[d].id + ': no driver has looked at it.' : 'There is no device.'));
		return;
	}
	const of = kind => bind.entries.filter(e => e.kind === kind);
	const bound = of('bound').filter(e => e.queues || e.vectors || e.interrupts !== 'none').pop();
	const lost = of('probe-failed').pop();
	const rungs = PAGE.ladder.slice();
	const reached = bound ? bound.interrupts : null;

	if (reached && !rungs.includes(reached))
		rungs.push(reached);
	out.push(el('div', { class: 'bar' }, el('span', {}, el('b', {}, DEVICES[d].id), ', bind ' +
		(n + 1) + ' of ' + BINDS[d].length),
		BINDS[d].length > 1 ? el('span', { class: 'group' },
			button('Earlier', () => choose(BINDS[d][n - 1].first), n ? {} : { disabled: '' }),
			button('Later', () => choose(BINDS[d][n + 1].first),
				n + 1 < BINDS[d].length ? {} : { disabled: '' })) : ''));
	out.push(el('ol', { class: 'rungs', 'aria-label': 'Rungs, the best first' },
		rungs.map((name, k) => {
			const failed = of('rung-failed').filter(e => e.rung === name);
			const state = name === reached ? 'reached' : failed.length ? 'failed' : 'untried';
			const below = reached && k > rungs.indexOf(reached);

			return rungItem(name, state, state === 'reached' ?
				'reached: ' + plural(bound.queues, 'queue') + ', ' +
				plural(bound.vectors, 'vector') : state === 'failed' ? 'failed' :
				below ? 'not needed' : 'not tried',
				failed.map(e => why(e, choose)));
		})));
	const beside = of('failure');

	if (beside.length)
		out.push(el('ul', { class: 'whys' }, beside.map(e => why(e, choose))));
	out.push(el('p', { class: 'small' }, bound ? ['Bound ', toEvent(bound.event, choose)] :
		lost ? ['The probe failed: ' + (lost.error || 'no reason told') + ' ',
			toEvent(lost.event, choose)] : 'Not bound.'));
	box.replaceChildren(...out);
}

// The bind in which an event lies: the last that had begun.
function bindAt(d, i) {
	let n = 0;

	(BINDS[d] || []).forEach((b, k) => {
		if (b.first <= i)
			n = k;
	});
	return n;
}

// ---- verdict ----

const frameText = f => f.function + (f.file ? '  ' + f.file + ':' + f.line : '');

// What a clause asks, and where; of one that a finding names.
function clauseOf(id) {
	const c = PAGE.clauses[id];

	return c ? [el('b', {}, id), ' (' + c.party + ', ' + c.strength + '): ' + c.summary,
		el('span', { class: 'small' }, ' virtio 1.2, ' + c.chapter + ', ' + c.section +
			'; ringside explain ' + id)] : id;
}

function finding(f, expected, choose) {
	// The text begins with the clause and ends with what it asks.
	const text = f.clause && PAGE.clauses[f.clause] ? f.text
		.replace(f.clause + ': ', '')
		.replace(' (' + PAGE.clauses[f.clause].summary + ')', '') : f.text;

	return el('li', { class: 'finding' },
		el('div', {}, el('span', { class: 'mark ' + (f.clause ? 'clause' : 'finding') },
			f.clause || f.code), expected ? ' as expected: ' : ' ',
			f.device && !text.startsWith(f.device) ? f.device + ' ' : '', text),
		f.clause ? el('div', { class: 'rule' }, clauseOf(f.clause)) : '',
		el('div', { class: 'small' }, f.line ? f.file + ':' + f.line + ':' + f.column + ' ' : '',
			toEvent(f.event, choose)),
		f.callers ? el('details', { class: 'small' }, el('summary', {}, 'Called by ',
			el('code', {}, f.callers.slice(0, 4).map(c => c.function).join(' < '))),
			el('pre', {}, f.callers.map(frameText).join('\n'))) : '');
}

async function copy(line, said) {
	const range = document.createRange();

	try {
		await navigator.clipboard.writeText(line.textContent);
		said.textContent = 'Copied.';
	} catch {
		range.selectNodeContents(line);
		getSelection().removeAllRanges();
		getSelection().addRange(range);
		said.textContent = 'Selected: copy it with the keyboard.';
	}
}

function showFound(choose) {
	const r = RESULT, line = el('code', { id: 'again', tabindex: '0' }, PAGE.again);
	const said = el('span', { role: 'status', class: 'small' });
	const all = [...r.findings.map(f => finding(f, false, choose)),
		...(r.expected_findings || []).map(f => finding(f, true, choose))];
	const faults = r.faults.map(f => [[f.point, f.effect ? '=' + f.effect : ''],
		f.device || 'any', f.hits + ' of ' + plural(f.calls, 'call')]);

	byId('found').replaceChildren(...[
		el('p', {}, el('b', {}, r.verdict === 'pass' ? 'All as expected.' :
			r.end_text || plural(r.findings.length, 'finding') + '.')),
		el('p', { class: 'again' }, 'The run again: ', line, ' ',
			button('Copy', () => copy(line, said)), ' ', said),
		all.length ? el('ul', { class: 'findings' }, all) : '',
		r.findings_dropped ? el('p', {}, 'and ' + r.findings_dropped + ' more') : '',
		faults.length ? table('Faults', ['Point', 'Device', 'Fired'], faults) : '',
	].filter(Boolean));
}

// ---- the chosen event ----

function showEvent(i, choose) {
	const s = EV.of(i), mark = MARKS.get(i), numbers = numbersOf(i);
	const rows = [
		['Time', timeText(EV.time[i])],
		['Who', [deviceName(i) || 'the machine', s.cpu === null ? '' : ', CPU ' + s.cpu]],
	];

	if (numbers)
		rows.push(['Numbers', el('code', {}, numbers)]);
	if (s.reg)
		rows.push(['Register', [el('b', {}, s.reg.name), ' ', s.reg.about,
			el('span', { class: 'small' }, s.reg.section)]]);
	if (s.kind === 'clause') {
		rows.push(['Broken by', toEvent(EV.addr[i], choose)]);
		rows.push(['Clause', clauseOf(s.text.split(':')[0])]);
	}
	if (s.text)
		rows.push(['Text', s.text]);
	if (s.name)
		rows.push(['Means', s.name]);
	byId('event').replaceChildren(el('p', { class: 'chosen' },
		el('b', {}, 'Event ' + (i + 1)), ' ', el('span', { class: 'kind' }, s.word),
		mark ? [' ', el('span', { class: 'mark ' + mark.what }, mark.what)] : '', ' ',
		el('span', { class: 'small' }, ABOUT[s.word] || ABOUT[s.kind] || '')), pairs(rows));
}

// ---- state ----

const vectorText = v => v === NO_VECTOR ? 'none' : String(v);

function featureNames(d, value) {
	const names = PAGE.devices[d].bits, bits = [];

	for (let n = 0n, v = bigOf(value); v; n++, v >>= 1n)
		if (v & 1n)
			bits.push((names[n] || 'bit ' + n).replace(/^VIRTIO_/, ''));
	return bits.join(', ') || 'none';
}

function queueRows(st) {
	return Object.entries(st.queues).filter(([, q]) => q.size || q.kicks).map(([n, q]) => {
		const behind = q.avail === null ? '' : (q.avail - (q.used || 0)) & 0xffff;

		return [n, q.size || 'off', vectorText(q.vector), q.kicks,
			q.avail === null ? '' : q.avail, q.used === null ? '' : q.used,
			behind, q.last,
			q.desc ? el('code', {}, '0x' + q.desc.toString(16)) : ''];
	});
}

function vectorRows(st) {
	return Object.entries(st.vectors).map(([n, e]) => {
		const owner = st.owners.find(o => !o.line && o.number === e.data && e.addr &&
			o.cpu === Number(e.addr >> 12n & 0xffn));
		const users = Object.entries(st.queues).filter(([, q]) => q.vector === +n)
			.map(([q]) => 'queue ' + q);

		if (st.configVector === +n)
			users.unshift('config');
		return [n, users.join(', '), e.control & VECTOR_MASK ? 'masked' : 'open',
			e.pending ? 'pending' : '', e.sent,
			e.addr ? el('code', {}, '0x' + e.addr.toString(16) + ' \u2190 0x' +
				e.data.toString(16)) : 'not written',
			owner ? owner.name + ', CPU ' + owner.cpu : ''];
	});
}

function msixText(st) {
	if (!st.cap && !(st.control & 0x8000))
		return 'not found by the driver';
	return [st.control & 0x8000 ? 'on' : 'off',
		st.control & 0x4000 ? ', all masked' : '',
		st.entries ? ', ' + plural(st.entries, 'entry').replace('entrys', 'entries') : ''];
}

function showState(d, i) {
	if (!DEVICES[d]) {
		byId('state').replaceChildren(el('p', {}, 'There is no device.'));
		return;
	}
	const st = stateAt(d, i);
	const queues = queueRows(st), vectors = vectorRows(st);
	const line = st.owners.filter(o => o.line).map(o => o.name);

	byId('state').replaceChildren(...[
		pairs([
			['Driver', st.drivers.map(x => x.name + (x.bound ? '' : ' (probing)'))
				.join(', ') || 'none'],
			['device_status', [el('code', {}, hex(st.status)), ' ',
				bitsOf(STATUS_BITS, st.status).join(', ')]],
			['Features', st.features === null ? 'not negotiated' :
				featureNames(d, st.features)],
			['Command', [el('code', {}, hex(st.command)), ' ',
				bitsOf(COMMAND_BITS, st.command).join(', ')]],
			['MSI-X', msixText(st)],
			['Config vector', vectorText(st.configVector)],
			['INTx line', [st.line ? 'asserted' : 'not asserted',
				line.length ? ', owned by ' + line.join(', ') : '']],
		]),
		queues.length ? el('div', { class: 'wide' }, table('Virtqueues', ['Queue', 'Size', 'Vector',
			'Kicks', 'Avail', 'Used', 'In flight', 'Interrupt', 'Ring'], queues)) :
			el('p', { class: 'small' }, 'No virtqueue is enabled.'),
		vectors.length ? el('div', { class: 'wide' }, table('MSI-X vectors', ['Vector', 'Used by',
			'Mask', 'Pending', 'Sent', 'Message', 'Owner'], vectors)) :
			el('p', { class: 'small' }, 'No entry of an MSI-X table was written.'),
	]);
}

// ---- story ----

function showStory(choose) {
	const items = RESULT.story.map((e, k) => ({ ...e, line: PAGE.lines[k].text }))
		.filter(e => e.line).slice(0, 2000);

	byId('steps').replaceChildren(...items.map(e => el('li', {},
		button(timeText(e.ps), () => choose(e.event - 1), { class: 'link',
			'aria-label': 'Event ' + e.event + ', ' + timeText(e.ps) }),
		el('b', {}, e.device || ''), el('span', { class: 'line ' + e.kind }, e.line))));
}
