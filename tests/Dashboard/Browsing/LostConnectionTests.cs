using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>A host that stops and starts again while a page is open.</summary>
[Collection(DashboardCollection.Name)]
public sealed class LostConnectionTests(Chromium chromium) : IDisposable
{
    private const string Host = "AccessLog.EmbeddedHost.dll";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [BrowserFact]
    public async Task A_page_says_that_the_host_is_gone_and_goes_on_by_itself_when_it_is_back()
    {
        var address = $"http://127.0.0.1:{FreePorts.Next(Random.Shared)}";
        await using var killed = HostProcess.Start(Host, "--database", _directory["access-log.db"], "--urls", address);
        await using var visit = await chromium.VisitAsync(await killed.ReadyAsync(), "/topics");
        var notice = visit.Page.Locator(".connection-notice");
        await Expect(notice).Not.ToBeVisibleAsync();

        await killed.KillAsync();
        await Expect(notice).ToContainTextAsync("connection");
        await Expect(notice).ToBeVisibleAsync();

        await using var restarted = HostProcess.Start(Host, "--database", _directory["access-log.db"], "--urls", address);
        await restarted.ReadyAsync();
        await visit.WhenLiveAsync();
        await Expect(notice).Not.ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Row).Nth(1)).ToContainTextAsync("access-log");
    }
}
