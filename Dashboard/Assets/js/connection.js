// Keeps the page connected to the host. Retries without end and shows a notice meanwhile. Reloads the page when a restarted host does not
// know it any more.
(() => {
    const longestPause = 3000;
    const notice = document.getElementById('components-reconnect-modal');
    const text = notice.querySelector('[data-connection-text]');
    let lostAt = 0;

    notice.addEventListener('components-reconnect-state-changed', event => {
        switch (event.detail.state) {
            case 'show':
                lostAt = Date.now();
                text.textContent = 'The connection to the host is lost. Trying again …';
                break;
            case 'retrying':
                text.textContent = `No connection to the host for ${Math.round((Date.now() - lostAt) / 1000)} s. `
                    + 'The figures below are not current. Trying again …';
                break;
            case 'rejected':
            case 'resume-failed':
                text.textContent = 'The host is back. Loading the page again …';
                location.reload();
                break;
        }
    });

    Blazor.start({
        circuit: {
            reconnectionOptions: {
                maxRetries: Number.MAX_SAFE_INTEGER,
                retryIntervalMilliseconds: attempt => Math.min(250 * 2 ** attempt, longestPause),
            },
        },
    });
})();
