using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>A page that is open in the browser, and everything that went wrong on it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _dashboard;
    private readonly List<string> _faults = [];

    public Visit(IBrowserContext context, IPage page, Uri dashboard)
    {
        (_context, Page, _dashboard) = (context, page, dashboard);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script error: {error}");
        page.RequestFailed += (_, request) => Note(true, $"request failed: {request.Url} {request.Failure}");
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Url}");
        page.Request += (_, request) => Note(!IsOwn(request.Url), $"request to another origin: {request.Url}");
        page.WebSocket += (_, socket) => Note(!IsOwn(socket.Url), $"connection to another origin: {socket.Url}");
    }

    public IPage Page { get; }

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await WhenLiveAsync();
    }

    /// <summary>Waits until the page has its connection to the host, and figures.</summary>
    public async Task WhenLiveAsync()
    {
        await Page.WaitForSelectorAsync(".shell[data-live]");
        await Assertions.Expect(Page.Locator(".live time")).ToBeVisibleAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>Asserts that nothing went wrong so far: no error, no failed request, no other origin.</summary>
    public void AssertClean()
    {
        lock (_faults)
        {
            Assert.Empty(_faults);
        }
    }

    /// <summary>Asserts that axe finds nothing: contrast, labels, roles, landmarks.</summary>
    public async Task AssertAccessibleAsync()
    {
        var result = await Page.RunAxe();
        Assert.Empty(result.Violations.Select(Told));
    }

    /// <summary>Asserts that the page is no wider than the window.</summary>
    public async Task AssertNoSidewaysScrollAsync()
    {
        var widths = await Page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, innerWidth]");
        Assert.True(widths[0] <= widths[1], $"{Page.Url} is {widths[0]} pixels wide in a window of {widths[1]}.");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static string Told(AxeResultItem violation) =>
        $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => $"{node.Target} {node.Html} {string.Join(' ', node.Any.Select(check => check.Message))}"))}";

    private bool IsOwn(string url) => url.StartsWith("data:", StringComparison.Ordinal) || new Uri(url).Authority == _dashboard.Authority;

    private void Note(bool isFault, string fault)
    {
        if (isFault)
        {
            lock (_faults)
            {
                _faults.Add(fault);
            }
        }
    }
}
