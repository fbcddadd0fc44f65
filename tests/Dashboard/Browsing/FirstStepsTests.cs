using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>A system in which there is nothing yet.</summary>
[Collection(DashboardCollection.Name)]
public sealed class FirstStepsTests(Chromium chromium)
{
    [BrowserFact]
    public async Task An_empty_system_tells_what_to_do_and_shows_the_topic_once_that_is_done()
    {
        await using var host = await LocalDashboard.StartAsync(_ => { });
        await using var visit = await chromium.VisitAsync(host.Address, "/");
        await Expect(visit.Page.GetByText("Nothing is here yet")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await Screenshots.TakeAsync(visit.Page, "empty");

        await RunAsync(host, await visit.Page.Locator("#create").InnerTextAsync());
        await RunAsync(host, await visit.Page.Locator("#send").InnerTextAsync());

        await visit.Page.Locator("nav a[data-place=t]").ClickAsync();
        await Expect(visit.Page.Locator("tbody th")).ToHaveTextAsync("orders");
        visit.AssertClean();
    }

    /// <summary>Does what the command on the page does when it is pasted into a shell.</summary>
    private static async Task RunAsync(LocalDashboard host, string command)
    {
        var words = Shell.Split(command);
        Assert.Equal(["curl", "-X"], words[..2]);
        using var request = new HttpRequestMessage(new HttpMethod(words[2]), words[3]);
        Assert.StartsWith(host.Address.ToString(), words[3], StringComparison.Ordinal);
        request.Content = new StringContent(words[^1]);
        request.Content.Headers.ContentType = new(words[5]["content-type: ".Length..]);
        using var http = new HttpClient();
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
