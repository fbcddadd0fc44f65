// Functions of the browser: copying text, and the keys of navigation.
(() => {
    const places = { o: '', t: 'topics', p: 'pipelines', d: 'dead-letters', c: 'cluster', m: 'cost' };
    let leader = 0;

    const isTyping = target => target.closest('input, textarea, select, [contenteditable]') !== null;

    document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role=dialog]')) {
            return;
        }

        if (event.key === '/') {
            const search = document.querySelector('input[type=search]');
            if (search) {
                event.preventDefault();
                search.focus();
            }
        } else if (event.key === 'g') {
            leader = Date.now();
        } else if (Date.now() - leader < 1500 && event.key in places) {
            leader = 0;
            document.querySelector(`nav a[data-place="${event.key}"]`)?.click();
        }
    });

    document.addEventListener('click', async event => {
        if (event.target.closest('[data-skip]')) {
            event.preventDefault();
            document.getElementById('content').focus();
            return;
        }

        const button = event.target.closest('[data-copy]');
        if (button) {
            try {
                await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
                button.dataset.copied = '';
                setTimeout(() => delete button.dataset.copied, 1500);
            } catch {
                getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
            }
        }
    });
})();
