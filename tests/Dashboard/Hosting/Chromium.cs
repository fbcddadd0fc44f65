using Microsoft.Playwright;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>The browser of the tests, started once.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private const int WidestPhone = 500;
    private const float PatienceMs = 20_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is no browser; null if there is one.</summary>
    public static string? Missing { get; } = Place() is null
        ? $"Chromium is not installed: none of {string.Join(", ", Places)} exists. 'apt-get install chromium' brings it"
        : null;

    public async Task InitializeAsync()
    {
        if (Place() is { } place)
        {
            Assertions.SetDefaultExpectTimeout(PatienceMs);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = place, Args = Arguments });
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page of a dashboard in a browser window of its own, and waits until it is live.</summary>
    internal async Task<Visit> VisitAsync(
        Uri dashboard, string path, ColorScheme theme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var visit = await OpenAsync(dashboard, theme, width, height);
        await visit.GoAsync(path);
        return visit;
    }

    /// <summary>Opens a browser window of its own for a dashboard.</summary>
    internal async Task<Visit> OpenAsync(Uri dashboard, ColorScheme theme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = dashboard.ToString(),
            ColorScheme = theme,
            ViewportSize = new() { Width = width, Height = height },
            IsMobile = width < WidestPhone,
            HasTouch = width < WidestPhone,
        });
        return new Visit(context, await context.NewPageAsync(), dashboard);
    }

    private static string? Place() => Array.Find(Places, File.Exists);
}

/// <summary>A test that needs a browser.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing;
}

/// <summary>A test that needs a browser, for several cases.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Missing;
}
