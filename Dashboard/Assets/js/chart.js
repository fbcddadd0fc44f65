// Shows the values of a chart under the pointer, or at the place that the arrow keys choose, on all charts of the page at once.
(() => {
    const scaled = (value, step, units) => {
        let unit = 0;
        while (Math.abs(value) >= step * 0.9995 && unit < units.length - 1) {
            value /= step;
            unit++;
        }
        return (unit === 0 ? Math.round(value * 10) / 10 : value.toPrecision(3)) + units[unit];
    };
    const count = value => scaled(value, 1000, ['', ' k', ' M', ' G', ' T']);
    const say = {
        count,
        rate: value => count(value) + '/s',
        bytes: value => scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']),
        milliseconds: value => (value < 1000 ? Math.round(value * 10) / 10 + ' ms' : (value / 1000).toPrecision(3) + ' s'),
        seconds: value => (value < 0.1 ? value.toFixed(3) : value < 1000 ? value.toPrecision(3) : Math.round(value).toLocaleString('en')) + ' s',
        share: value => (value * 100).toFixed(1) + ' %',
    };

    const read = plot => plot.dataset.lines.split(';').filter(Boolean).map(line => {
        const [name, colour, values] = line.split('|');
        return { name, colour, values: values.split(',').map(value => (value === '' ? NaN : Number(value))) };
    });

    // The value at a place, or the nearest within a few steps.
    const near = (values, place) => {
        for (let away = 0; away < 6; away++) {
            for (const at of [place - away, place + away]) {
                if (values[at] === values[at] && values[at] !== undefined) {
                    return { at, value: values[at] };
                }
            }
        }
        return null;
    };

    const element = (name, className, parent) => {
        const made = document.createElement(name);
        made.className = className;
        return parent.appendChild(made);
    };

    const show = (plot, share) => {
        const lines = read(plot);
        const points = lines[0]?.values.length ?? 0;
        if (points < 2) {
            return;
        }

        const place = Math.round(share * (points - 1));
        const hair = plot.querySelector('.hair') ?? element('div', 'hair', plot);
        hair.style.left = `${place / (points - 1) * 100}%`;
        hair.replaceChildren();
        const card = element('div', 'hair-card' + (share > 0.6 ? ' left' : ''), hair);
        const time = new Date((Number(plot.dataset.end) - (points - 1 - place) * Number(plot.dataset.step)) * 1000);
        element('div', 'hair-time', card).textContent = time.toISOString().slice(11, 19) + ' UTC';
        for (const line of lines) {
            const found = near(line.values, place);
            const row = element('div', 'hair-row', card);
            element('i', `swatch line-${line.colour}`, row);
            element('span', '', row).textContent = line.name;
            element('b', '', row).textContent = found ? say[plot.dataset.unit](found.value) : '–';
            if (found) {
                const dot = element('i', `hair-dot line-${line.colour}`, hair);
                dot.style.top = `${100 - Math.min(1, found.value / Number(plot.dataset.top)) * 100}%`;
            }
        }
    };

    const least = level => (level === 0 ? 0 : Math.ceil(10 ** ((level - 1) / 2)));

    // Describes a cell of a heat map in words.
    const cellOf = (plot, x, y) => {
        const rows = plot.dataset.rows.split(';');
        const row = Math.min(rows.length - 1, Math.floor(y * rows.length));
        const columns = rows[row].length;
        const column = Math.min(columns - 1, Math.floor(x * columns));
        const step = Number(plot.dataset.step);
        const end = Math.floor(Number(plot.dataset.end) / step) * step - (columns - 1 - column) * step;
        const group = Number(plot.dataset.group);
        const first = row * group;
        const last = Math.min(first + group, Number(plot.dataset.partitions)) - 1;
        const symbol = rows[row][column];
        const level = symbol.charCodeAt(0) - 'A'.charCodeAt(0);
        return [
            new Date(end * 1000).toISOString().slice(11, 19) + ' UTC',
            first === last ? `Partition ${first}` : `Partitions ${first} to ${last}`,
            symbol === '-' ? 'not measured' : level === 0 ? 'no lag' : `lag ${count(least(level))} to ${count(least(level + 1) - 1)}`,
        ];
    };

    const showCell = (plot, event) => {
        const box = plot.getBoundingClientRect();
        const x = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        const y = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
        const hair = plot.querySelector('.hair') ?? element('div', 'hair bare', plot);
        hair.style.left = `${x * 100}%`;
        hair.replaceChildren();
        const card = element('div', 'hair-card' + (x > 0.6 ? ' left' : ''), hair);
        card.style.top = `${y * 100}%`;
        const [time, partitions, lag] = cellOf(plot, x, y);
        element('div', 'hair-time', card).textContent = time;
        element('div', '', card).textContent = partitions;
        element('b', '', card).textContent = lag;
    };

    let shared = null;
    const showAll = share => {
        shared = share;
        for (const plot of document.querySelectorAll('[data-chart]')) {
            if (share === null) {
                plot.querySelector('.hair')?.remove();
            } else {
                show(plot, share);
            }
        }
    };

    document.addEventListener('pointermove', event => {
        const heat = event.target.closest?.('[data-heat]');
        for (const other of document.querySelectorAll('[data-heat] .hair')) {
            if (!heat?.contains(other)) {
                other.remove();
            }
        }

        if (heat) {
            showCell(heat, event);
            return;
        }

        const plot = event.target.closest?.('[data-chart]');
        if (plot) {
            const box = plot.getBoundingClientRect();
            showAll(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
        } else if (shared !== null && !document.activeElement?.closest('[data-chart]')) {
            showAll(null);
        }
    });

    document.addEventListener('keydown', event => {
        const plot = event.target.closest?.('[data-chart]');
        const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
        if (plot && step) {
            event.preventDefault();
            const points = read(plot)[0]?.values.length ?? 2;
            showAll(Math.min(1, Math.max(0, (shared ?? 1) + step / (points - 1))));
        } else if (event.key === 'Escape' && shared !== null) {
            showAll(null);
        }
    });

    document.addEventListener('focusout', event => {
        if (event.target.closest?.('[data-chart]')) {
            showAll(null);
        }
    });

    // Shows the new values when they arrive under the pointer.
    new MutationObserver(changes => {
        if (shared !== null && changes.some(change => change.target.matches?.('[data-chart]'))) {
            showAll(shared);
        }
    }).observe(document.body, { subtree: true, attributeFilter: ['data-end'] });
})();
