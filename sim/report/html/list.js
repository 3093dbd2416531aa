// SPDX-License-Identifier: MIT
// The events as a table, of which only the rows that can be seen are made: what the
// lanes show, for those who do not see them.

const List = (() => {
	const LINE = 24;          // pixels of a row; page.css has it too
	const TALLEST = 8e6;      // of what browsers scroll
	const COLUMNS = ['Event', 'Time', 'Who', 'What', 'Details'];
	const box = byId('list');
	const head = el('div', { class: 'row head', role: 'row' },
		COLUMNS.map(c => el('span', { role: 'columnheader' }, c)));
	const rows = el('div', { role: 'rowgroup', class: 'rows' });
	const tall = el('div', { class: 'tall' }, rows);
	let shown = null;         // numbers of events, or null: all
	let chosen = 0, onChoose = () => {};

	const count = () => shown ? shown.length : EV.n;
	const eventOf = k => shown ? shown[k] : k;
	const rowOf = i => shown ? lowerBound(shown.length, k => shown[k], i) : i;
	const visible = () => Math.max(Math.floor((box.clientHeight - LINE) / LINE), 1);
	const height = () => Math.min(count() * LINE, TALLEST);
	// Rows a pixel of the scroll bar, where there are too many for one each.
	const scale = () => Math.max((count() - visible()) /
		Math.max(height() - visible() * LINE, 1), 0);

	function row(k) {
		const i = eventOf(k), mark = MARKS.get(i);
		const cells = [i + 1, timeText(EV.time[i]),
			deviceName(i) || LANES[EV.of(i).lane].name, EV.of(i).word,
			[el('b', {}, namesOf(i)), ' ', numbersOf(i)]];
		const r = el('div', { class: 'row', role: 'row', id: 'row' + i,
			'aria-rowindex': k + 2, 'aria-selected': i === chosen },
			cells.map((c, n) => el('span', { role: 'gridcell' },
				n === 3 && mark ? [el('span', { class: 'mark ' + mark.what },
					mark.what), ' ', c] : c)));

		r.addEventListener('click', () => onChoose(i));
		return r;
	}

	function fill() {
		const n = Math.min(visible() + 2, count());
		const top = Math.min(Math.round(box.scrollTop * scale()), Math.max(count() - n, 0));
		const list = [];

		for (let k = top; k < top + n; k++)
			list.push(row(k));
		rows.replaceChildren(...list);
		rows.style.transform = 'translateY(' + Math.min(box.scrollTop,
			Math.max(height() - n * LINE, 0)) + 'px)';
	}

	function show(list) {
		shown = list;
		box.setAttribute('aria-rowcount', count() + 1);
		tall.style.height = height() + 'px';
		reveal();
	}

	function reveal() {
		const k = rowOf(chosen), n = visible();

		if (scale())
			box.scrollTop = Math.max(k - Math.floor(n / 2), 0) / scale();
		box.setAttribute('aria-activedescendant', 'row' + chosen);
		fill();
	}

	function choose(i) {
		chosen = i;
		reveal();
	}

	// The event that is `by` rows away.
	function away(by) {
		const k = rowOf(chosen) + (by > 0 && eventOf(rowOf(chosen)) !== chosen ? by - 1 : by);

		return count() ? eventOf(Math.min(Math.max(k, 0), count() - 1)) : chosen;
	}

	box.append(head, tall);
	box.addEventListener('scroll', fill);
	new ResizeObserver(reveal).observe(box);
	return { choose, show, away, listen: fn => { onChoose = fn; } };
})();
