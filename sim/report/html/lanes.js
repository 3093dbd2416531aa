// SPDX-License-Identifier: MIT
// The timeline: an overview of the whole run, and below it lanes of what lies in the
// view, drawn on canvases.  What is drawn has a place by time, or by order, in which
// no two events share one.

const ROW = 26;       // pixels of a lane
const AXIS = 20;      // and of the scale below them
const OVERVIEW = 34;
const CROWD = 4;      // pixels an event below which forms are not told apart

const Lanes = (() => {
	const box = byId('canvas');
	const overview = byId('overview'), detail = byId('detail');
	const order = Float64Array.from({ length: EV.n }, (_, i) => i);
	let place = EV.time;       // of each event, ascending
	let from = 0, to = 1;      // the view
	let chosen = 0, colours = {}, width = 0, wanted = false;

	const first = () => EV.n ? place[0] : 0;
	const last = () => EV.n ? place[EV.n - 1] : 1;
	const span = () => Math.max(last() - first(), 1);
	// A little air on both sides, so that the ends can be hit.
	const least = () => first() - span() * 0.01;
	const most = () => last() + span() * 0.01;
	const xOf = p => (p - from) / (to - from) * width;
	const pOf = x => from + x / width * (to - from);
	const below = p => lowerBound(EV.n, i => place[i], p);

	// ---- intervals: steps of the workload, handlers, requests ----

	const SPANS = (() => {
		const spans = [], open = new Map();
		const begin = (key, i, text) => {
			if (!open.has(key))
				open.set(key, { a: i, lane: EV.of(i).lane, text });
		};
		const end = (key, i) => {
			const s = open.get(key);

			if (s)
				spans.push({ ...s, b: i });
			open.delete(key);
		};

		// What a reset takes from the queues has no end.
		const drop = start => {
			for (const key of [...open.keys()].filter(k => k.startsWith(start)))
				open.delete(key);
		};

		for (let i = 0; i < EV.n; i++) {
			const s = EV.of(i);

			if (s.kind === 'step')
				begin('step' + s.index, i, s.text);
			else if (s.kind === 'step-end')
				end('step' + s.index, i);
			else if (s.kind === 'irq-enter')
				begin('irq' + s.cpu, i, '');
			else if (s.kind === 'irq-exit')
				end('irq' + s.cpu, i);
			else if (s.word === 'kick')
				begin('q' + s.device + ' ' + s.index, i, '');
			else if (s.word === 'notify')
				end('q' + s.device + ' ' + s.index, i);
			else if (s.word === 'reset')
				drop('q' + s.device + ' ');
		}
		// A step that never ended lasts to the end of the run.
		for (const key of [...open.keys()].filter(k => k.startsWith('step')))
			end(key, EV.n - 1);
		return spans;
	})();

	// ---- drawing ----

	function readColours() {
		const style = getComputedStyle(document.documentElement);

		for (const name of ['ink', 'muted', 'line', 'stripe', 'card', 'focus',
			'run', 'cpu', 'bus', 'device', 'irq', 'bad', 'warn'])
			colours[name] = style.getPropertyValue('--' + name).trim();
	}

	function prepare(canvas, height) {
		const ratio = window.devicePixelRatio || 1;
		const g = canvas.getContext('2d');

		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(height * ratio);
		canvas.style.height = height + 'px';
		g.setTransform(ratio, 0, 0, ratio, 0, 0);
		g.clearRect(0, 0, width, height);
		g.font = '12px system-ui, sans-serif';
		g.textBaseline = 'middle';
		return g;
	}

	// The form tells what it is, not the colour alone.
	function form(g, s, x, y) {
		g.beginPath();
		if (s.kind === 'irq-raise' || s.kind === 'msi') {
			g.moveTo(x, y - 6);
			g.lineTo(x + 5, y + 4);
			g.lineTo(x - 5, y + 4);
			g.closePath();
			g.fill();
		} else if (s.kind.startsWith('dma-')) {
			g.rect(x - 3, y - 3, 6, 6);
			if (s.kind === 'dma-read')
				g.stroke();
			else
				g.fill();
		} else if (s.kind.endsWith('-read')) {
			g.arc(x, y, 3.5, 0, 7);
			g.stroke();
		} else if (s.kind.endsWith('-write')) {
			g.arc(x, y, 3.5, 0, 7);
			g.fill();
		} else {
			g.rect(x - 1, y - 7, 2, 14);
			g.fill();
		}
	}

	function markForm(g, what, x, y) {
		g.lineWidth = 2.5;
		g.strokeStyle = g.fillStyle = what === 'notice' ? colours.warn : colours.bad;
		g.beginPath();
		if (what === 'fault') {
			g.moveTo(x - 5, y - 5);
			g.lineTo(x + 5, y + 5);
			g.moveTo(x + 5, y - 5);
			g.lineTo(x - 5, y + 5);
			g.stroke();
		} else {
			g.moveTo(x, y - 8);
			g.lineTo(x + 7, y);
			g.lineTo(x, y + 8);
			g.lineTo(x - 7, y);
			g.closePath();
			if (what === 'notice')
				g.stroke();
			else
				g.fill();
			g.fillStyle = what === 'notice' ? colours.warn : colours.card;
			g.fillRect(x - 1, y - 4, 2, 5);
			g.fillRect(x - 1, y + 2, 2, 2);
		}
		g.lineWidth = 1;
	}

	function drawSpans(g) {
		for (const s of SPANS) {
			const a = xOf(place[s.a]), b = xOf(place[s.b]);

			if (b < 0 || a > width || b - a < 1)
				continue;
			g.fillStyle = colours[LANES[s.lane].kind];
			g.globalAlpha = 0.2;
			g.fillRect(a, s.lane * ROW + 3, b - a, ROW - 6);
			g.globalAlpha = 1;
			const left = Math.max(a, 0) + 5, room = Math.min(b, width) - left;

			g.fillStyle = colours.ink;
			if (s.text && g.measureText(s.text).width < room)
				g.fillText(s.text, left, s.lane * ROW + ROW / 2 + 1);
		}
	}

	// Each by its form; or, where they stand too close, how many a pixel has.
	function drawEvents(g) {
		const lo = below(from), hi = below(to), n = hi - lo;
		const forms = width / Math.max(n, 1) > CROWD;
		const counts = forms ? [] : new Uint32Array(LANES.length * (width + 1));
		let top = 1;

		for (let i = lo; i < hi; i++) {
			const s = EV.of(i), x = Math.round(xOf(place[i]));

			g.fillStyle = g.strokeStyle = colours[LANES[s.lane].kind];
			if (forms)
				form(g, s, x, s.lane * ROW + ROW / 2);
			else
				top = Math.max(top, ++counts[s.lane * (width + 1) + x]);
		}
		counts.forEach((count, k) => {
			const lane = Math.floor(k / (width + 1));
			const h = 6 + (ROW - 12) * Math.sqrt(count / top);

			if (!count)
				return;
			g.fillStyle = colours[LANES[lane].kind];
			g.fillRect(k % (width + 1), lane * ROW + (ROW - h) / 2, 1, h);
		});
	}

	function drawMarks(g) {
		for (const i of MARKED) {
			const x = xOf(place[i]);

			if (x >= 0 && x <= width)
				markForm(g, MARKS.get(i).what, x,
					EV.of(i).lane * ROW + ROW / 2);
		}
	}

	function drawScale(g, y) {
		const aim = (to - from) / Math.max(width / 130, 1);
		const power = 10 ** Math.floor(Math.log10(aim));
		const pace = [1, 2, 5, 10].map(k => k * power).find(p => p >= aim);

		g.fillStyle = colours.muted;
		for (let p = Math.ceil(from / pace) * pace; p <= to; p += pace) {
			const x = xOf(p);

			if (p < 0 || (place === order && p % 1))
				continue;
			g.fillRect(Math.round(x), y, 1, 5);
			g.fillText(place === order ? 'event ' + (p + 1) :
				timeText(Math.round(p)).replace(/\.(\d*?)0+ /,
					(_, d) => (d && '.' + d) + ' '), x + 4, y + 10);
		}
	}

	function drawDetail() {
		const height = LANES.length * ROW;
		const g = prepare(detail, height + AXIS);

		for (let k = 0; k < LANES.length; k += 2) {
			g.fillStyle = colours.stripe;
			g.fillRect(0, k * ROW, width, ROW);
		}
		drawSpans(g);
		drawEvents(g);
		drawMarks(g);
		drawScale(g, height);
		if (!EV.n)
			return;
		const x = Math.round(xOf(place[chosen]));

		g.fillStyle = colours.ink;
		g.fillRect(x, 0, 1, height);
		g.strokeStyle = colours.ink;
		g.lineWidth = 2;
		g.strokeRect(x - 7, EV.of(chosen).lane * ROW + 3, 14, ROW - 6);
		g.lineWidth = 1;
	}

	// How many events a pixel has, the marks, and what the view shows.
	function drawOverview() {
		const g = prepare(overview, OVERVIEW);
		const x = p => (p - least()) / (most() - least()) * width;
		const counts = new Uint32Array(Math.ceil(width) + 1);
		let top = 1;

		for (let i = 0; i < EV.n; i++)
			top = Math.max(top, ++counts[x(place[i]) | 0]);
		g.fillStyle = colours.muted;
		for (let k = 0; k < counts.length; k++)
			if (counts[k]) {
				const h = 2 + (OVERVIEW - 12) * Math.sqrt(counts[k] / top);

				g.fillRect(k, OVERVIEW - 2 - h, 1, h);
			}
		for (const i of MARKED) {
			const k = Math.round(x(place[i]));

			g.fillStyle = MARKS.get(i).what === 'notice' ? colours.warn : colours.bad;
			g.beginPath();
			g.moveTo(k - 4, 0);
			g.lineTo(k + 4, 0);
			g.lineTo(k, 8);
			g.fill();
		}
		g.strokeStyle = colours.focus;
		g.lineWidth = 2;
		g.strokeRect(Math.max(x(from), 1), 1,
			Math.max(Math.min(x(to), width - 1) - Math.max(x(from), 1), 3), OVERVIEW - 2);
		if (EV.n) {
			g.fillStyle = colours.ink;
			g.fillRect(Math.round(x(place[chosen])), 0, 2, OVERVIEW);
		}
	}

	function draw() {
		wanted = false;
		width = box.clientWidth;
		if (!width)
			return;
		drawOverview();
		drawDetail();
	}

	// Drawn once a frame, however much has changed.
	function redraw() {
		if (!wanted)
			requestAnimationFrame(draw);
		wanted = true;
	}

	// ---- the view ----

	function look(a, b) {
		const size = Math.min(Math.max(b - a, place === order ? 8 : 50),
			most() - least());
		const begin = Math.min(Math.max((a + b - size) / 2, least()), most() - size);

		from = begin;
		to = begin + size;
		redraw();
	}

	function zoom(factor, centre = EV.n ? place[chosen] : 0) {
		const middle = centre < from || centre > to ? (from + to) / 2 : centre;

		look(middle - (middle - from) * factor, middle + (to - middle) * factor);
	}

	const all = () => look(least(), most());

	function choose(i) {
		chosen = i;
		if (EV.n && (place[i] < from || place[i] > to))
			look(place[i] - (to - from) / 2, place[i] + (to - from) / 2);
		redraw();
	}

	function inOrder(yes) {
		const size = (to - from) / (most() - least());

		place = yes ? order : EV.time;
		const p = EV.n ? place[chosen] : 0, half = size * (most() - least()) / 2;

		look(p - half, p + half);
	}

	// The event of a lane that is nearest to a place.
	function nearest(lane, p) {
		const list = LANES[lane].events;
		const k = lowerBound(list.length, j => place[list[j]], p);

		if (k === list.length)
			return list[k - 1];
		if (k && p - place[list[k - 1]] < place[list[k]] - p)
			return list[k - 1];
		return list[k];
	}

	// ---- pointer ----

	function pointer(canvas, click, move) {
		let down = null, moved = false;

		canvas.addEventListener('pointerdown', e => {
			down = e.offsetX;
			moved = false;
			canvas.setPointerCapture(e.pointerId);
		});
		canvas.addEventListener('pointermove', e => {
			if (down === null || (!moved && Math.abs(e.offsetX - down) < 4))
				return;
			moved = true;
			move(e.offsetX - down, e.offsetX);
			down = e.offsetX;
		});
		canvas.addEventListener('pointerup', e => {
			if (down !== null && !moved)
				click(e.offsetX, e.offsetY);
			down = null;
		});
	}

	function listen(onChoose) {
		const there = x => least() + x / width * (most() - least());
		const centre = x => {
			const half = (to - from) / 2;

			look(there(x) - half, there(x) + half);
		};

		pointer(detail, (x, y) => {
			const lane = Math.floor(y / ROW);

			if (lane < LANES.length && EV.n)
				onChoose(nearest(lane, pOf(x)));
		}, dx => {
			const by = -dx / width * (to - from);

			look(from + by, to + by);
		});
		pointer(overview, centre, (dx, x) => centre(x));
		detail.addEventListener('wheel', e => {
			if (!e.ctrlKey && !e.metaKey)
				return;
			e.preventDefault();
			zoom(e.deltaY > 0 ? 1.25 : 0.8, pOf(e.offsetX));
		}, { passive: false });
		new ResizeObserver(redraw).observe(box);
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
			readColours();
			redraw();
		});
	}

	readColours();
	all();
	return { choose, zoom, all, inOrder, listen,
		nearest: (lane, i) => nearest(lane, place[i]) };
})();
