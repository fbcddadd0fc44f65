// Sets the chosen theme before anything is painted; without a choice the browser's own preference holds.
(() => {
    const key = 'pipeline-theme';
    const apply = theme => {
        if (theme === 'light' || theme === 'dark') {
            document.documentElement.dataset.theme = theme;
        } else {
            delete document.documentElement.dataset.theme;
        }
    };
    const read = () => {
        try {
            return localStorage.getItem(key) ?? 'auto';
        } catch {
            return 'auto';
        }
    };

    apply(read());
    window.pipelineTheme = {
        get: read,
        set: theme => {
            apply(theme);
            try {
                localStorage.setItem(key, theme);
            } catch {
                // Storage may be switched off; the choice then lasts as long as the page.
            }
        },
    };
})();
