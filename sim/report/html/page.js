// SPDX-License-Identifier: MIT
// The page: one event and one device are chosen, and everything shows them.

const Page = (() => {
	let event = 0, device = 0, shown = null, hits = null;
	const canvas = byId('canvas');

	const say = text => { byId('hits').textContent = text; };

	function choose(i) {
		if (!EV.n)
			return;
		event = Math.min(Math.max(i, 0), EV.n - 1);
		const d = EV.of(event).device;

		if (d !== null)
			setDevice(d, false);
		canvas.setAttribute('aria-valuenow', event + 1);
		canvas.setAttribute('aria-valuetext', sentence(event));
		Lanes.choose(event);
		List.choose(event);
		showEvent(event, choose);
		refresh();
		remember();
	}

	// #event=12 brings a reader back; a page from a file may be refused that.
	function remember() {
		try {
			history.replaceState(null, '', '#event=' + (event + 1));
		} catch {
			return;
		}
	}

	function refresh() {
		showState(device, event);
		showLadder(device, bindAt(device, event), choose);
	}

	function setDevice(d, then = true) {
		device = d;
		byId('device').value = d;
		markDevice(d);
		if (then)
			refresh();
	}

	// ---- which events the list has ----

	function fillFilter() {
		const marked = MARKED.length ? [['marks', 'marks only']] : [];

		byId('filter').append(...[['', 'all events'], ...marked,
			...LANES.map((l, k) => [k, l.name])]
			.map(([value, text]) => el('option', { value }, text)));
		byId('filter').addEventListener('change', e => filter(e.target.value));
	}

	function filter(value) {
		byId('filter').value = value;
		shown = value === '' ? null : value === 'marks' ? MARKED : LANES[value].events;
		List.show(shown);
	}

	// ---- search ----

	function find(text) {
		const words = text.toLowerCase().split(/\s+/).filter(Boolean);
		const found = [];

		for (let i = 0; words.length && i < EV.n; i++) {
			const s = EV.of(i);

			s.line = s.line || [deviceName(i), s.word, namesOf(i)].join(' ').toLowerCase();
			// Numbers differ from event to event and are made for those who ask.
			const rest = words.filter(w => !s.line.includes(w));

			if (!rest.length || rest.every(w => numbersOf(i).includes(w)))
				found.push(i);
		}
		return found;
	}

	function search(back) {
		const text = byId('search').value;

		if (!hits || hits.text !== text)
			hits = { text, found: find(text) };
		const list = hits.found;

		if (!list.length) {
			say(text ? 'not found' : '');
			return;
		}
		let k = lowerBound(list.length, j => list[j], back ? event : event + 1) - (back ? 1 : 0);

		k = (k + list.length) % list.length;
		say((k + 1) + ' of ' + list.length);
		choose(list[k]);
	}

	// ---- moves ----

	function nextMark() {
		const k = lowerBound(MARKED.length, j => MARKED[j], event + 1);

		if (MARKED.length)
			choose(MARKED[k % MARKED.length]);
		else
			say('no marks');
	}

	function inLane(by) {
		const list = LANES[EV.of(event).lane].events;
		const k = lowerBound(list.length, j => list[j], event) + by;

		choose(list[Math.min(Math.max(k, 0), list.length - 1)]);
	}

	function otherLane(by) {
		const lane = EV.of(event).lane + by;

		if (lane >= 0 && lane < LANES.length)
			choose(Lanes.nearest(lane, event));
	}

	function toggleOrder() {
		const yes = byId('axis').getAttribute('aria-pressed') !== 'true';

		byId('axis').setAttribute('aria-pressed', String(yes));
		Lanes.inOrder(yes);
	}

	const KEYS = {
		'ArrowLeft': e => e.shiftKey ? inLane(-1) : choose(List.away(-1)),
		'ArrowRight': e => e.shiftKey ? inLane(1) : choose(List.away(1)),
		'PageUp': () => choose(List.away(-100)),
		'PageDown': () => choose(List.away(100)),
		'Home': () => choose(0),
		'End': () => choose(EV.n - 1),
		'+': () => Lanes.zoom(0.5), '=': () => Lanes.zoom(0.5),
		'-': () => Lanes.zoom(2), '0': () => Lanes.all(),
		'm': nextMark, 'o': toggleOrder,
		'/': () => byId('search').focus(),
	};
	const ON_LANES = { 'ArrowUp': () => otherLane(-1), 'ArrowDown': () => otherLane(1) };
	const ON_LIST = { 'ArrowUp': () => choose(List.away(-1)),
		'ArrowDown': () => choose(List.away(1)) };

	function keys(target, more) {
		target.addEventListener('keydown', e => {
			const act = more[e.key] || KEYS[e.key];

			if (!act || e.ctrlKey || e.altKey || e.metaKey || !EV.n)
				return;
			e.preventDefault();
			act(e);
		});
	}

	function listen() {
		const click = (id, fn) => byId(id).addEventListener('click', fn);

		click('first', () => choose(0));
		click('before', () => choose(List.away(-1)));
		click('next', () => choose(List.away(1)));
		click('last', () => choose(EV.n - 1));
		click('mark', nextMark);
		click('in', () => Lanes.zoom(0.5));
		click('out', () => Lanes.zoom(2));
		click('all', () => Lanes.all());
		click('axis', toggleOrder);
		keys(canvas, ON_LANES);
		keys(byId('list'), ON_LIST);
		Lanes.listen(choose);
		List.listen(choose);
		byId('search').addEventListener('keydown', e => {
			if (e.key === 'Enter')
				search(e.shiftKey);
		});
		byId('device').addEventListener('change', e => setDevice(+e.target.value));
	}

	// ---- the beginning ----

	function showLegend() {
		const forms = [['\u25cb', 'read'], ['\u25cf', 'write'], ['\u25a1', 'DMA read'],
			['\u25a0', 'DMA write'], ['\u25b2', 'interrupt'], ['\u2715', 'fault'],
			['\u25c6', 'finding or broken clause'], ['\u25c7', 'notice']];

		byId('legend').append(...forms.map(([sign, text]) =>
			el('li', {}, el('span', { 'aria-hidden': 'true' }, sign), ' ' + text)));
	}

	function fillNames() {
		byId('names').append(...LANES.map((l, k) => button(l.name, () => filter(String(k)),
			{ class: 'lane ' + l.kind, title: 'List only these events' })));
	}

	// A link's event; else the first finding, the first mark, or where it was decided
	// what became of a driver's probe.
	function beginning() {
		const asked = /^#event=(\d+)$/.exec(location.hash);
		const bad = RESULT.findings.find(f => f.event);
		const bound = RESULT.story.filter(e => e.kind === 'probe-failed' ||
			e.kind === 'bound' && e.interrupts !== 'none').pop();

		return asked ? asked[1] - 1 : bad ? bad.event - 1 : MARKED.length ? MARKED[0] :
			bound ? bound.event - 1 : 0;
	}

	function begin() {
		for (const id of ['top', 'timeline', 'bottom', 'story'])
			byId(id).hidden = false;
		byId('text').open = false;
		showHead();
		showMachine(setDevice);
		showFound(choose);
		showStory(choose);
		showLegend();
		fillNames();
		fillFilter();
		byId('device').append(...DEVICES.map((d, k) => el('option', { value: k }, d.id)));
		byId('mark').disabled = !MARKED.length;
		canvas.setAttribute('aria-valuemin', 1);
		canvas.setAttribute('aria-valuemax', EV.n);
		listen();
		List.show(null);
		if (EV.n)
			choose(beginning());
		else
			refresh();
	}

	return { begin };
})();

Page.begin();
