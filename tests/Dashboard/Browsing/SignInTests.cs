using System.Net;
using Microsoft.Playwright;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>A host that requires a sign-in.</summary>
[Collection(DashboardCollection.Name)]
public sealed class SignInTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ApiKey _operator = ApiKey.Create();
    private readonly ApiKey _reader = ApiKey.Create();
    private readonly ApiKey _till = ApiKey.Create();
    private LocalDashboard _host = null!;

    public async Task InitializeAsync() => _host = await LocalDashboard.StartAsync(
        pipelines => pipelines
            .Add("orders", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copies")))
            .Add("salaries", pipeline => pipeline.From("salaries", partitions: 2).To(Sink.Topic("salaries.copies"))),
        new Dictionary<string, string?>
        {
            ["Gateway:Authentication:ApiKeys:0:Name"] = "olga",
            ["Gateway:Authentication:ApiKeys:0:Hash"] = _operator.Hash,
            ["Gateway:Authentication:ApiKeys:0:Scopes:0"] = "operate",
            ["Gateway:Authentication:ApiKeys:0:Scopes:1"] = "consume",
            ["Gateway:Authentication:ApiKeys:1:Name"] = "rita",
            ["Gateway:Authentication:ApiKeys:1:Hash"] = _reader.Hash,
            ["Gateway:Authentication:ApiKeys:1:Scopes:0"] = "consume",
            ["Gateway:Authentication:ApiKeys:1:Topics:0"] = "orders*",
            ["Gateway:Authentication:ApiKeys:1:Pipelines:0"] = "orders",
            ["Gateway:Authentication:ApiKeys:2:Name"] = "till",
            ["Gateway:Authentication:ApiKeys:2:Hash"] = _till.Hash,
            ["Gateway:Authentication:ApiKeys:2:Scopes:0"] = "produce",
        });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [BrowserFact]
    public async Task An_operator_signs_in_where_they_were_going_pauses_a_pipeline_and_signs_out()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        await visit.Page.GotoAsync("/pipelines/salaries");
        await visit.AssertAccessibleAsync();
        await Screenshots.TakeAsync(visit.Page, "sign-in");

        await SignInAsync(visit, _operator.Key);

        Assert.EndsWith("/pipelines/salaries", visit.Page.Url, StringComparison.Ordinal);
        await visit.Button("Pause").ClickAsync();
        await Expect(visit.Page.Locator(".page-head .badge")).ToHaveTextAsync("Paused");
        await visit.Button("Sign out").ClickAsync();
        await Expect(visit.Page.GetByLabel("API key")).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/");
        await Expect(visit.Page.GetByLabel("API key")).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task A_reader_sees_what_is_theirs_and_nothing_to_operate()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        await visit.Page.GotoAsync("/topics");
        await SignInAsync(visit, _reader.Key);

        await Expect(visit.Link("orders")).ToBeVisibleAsync();
        await Expect(visit.Link("salaries")).ToHaveCountAsync(0);
        await visit.GoAsync("/pipelines/orders");
        await Expect(visit.Page.Locator(".page-head .badge")).ToHaveTextAsync("Running");
        await Expect(visit.Button("Pause")).ToHaveCountAsync(0);
        await visit.GoAsync("/pipelines/salaries");
        await Expect(visit.Page.GetByText("does not exist")).ToBeVisibleAsync();
        await visit.GoAsync("/topics/salaries/records");
        await Expect(visit.Page.GetByText("“rita” may not read these records")).ToBeVisibleAsync();
        await visit.GoAsync("/cluster");
        await Expect(visit.Page.GetByText("“rita” may not see the nodes")).ToBeVisibleAsync();
        await visit.GoAsync("/cost");
        await Expect(visit.Page.GetByText("“rita” may not see the cost")).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task A_key_that_is_unknown_or_may_only_produce_is_refused()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        foreach (var key in new[] { "plk_unknown", _till.Key })
        {
            await visit.Page.GotoAsync("/");
            await visit.Page.GetByLabel("API key").FillAsync(key);
            await visit.Button("Sign in").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known here");
        }
    }

    [Fact]
    public async Task Without_a_cookie_neither_pages_nor_their_connection_are_served_and_assets_tell_nothing()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _host.Address };
        foreach (var path in new[] { "/", "/topics", "/pipelines/orders", "/topics/orders/records", "/cluster", "/dead-letters/orders" })
        {
            using var page = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
            Assert.Equal("/sign-in", page.Headers.Location!.AbsolutePath);
        }

        using var hub = await http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
        Assert.NotEqual(HttpStatusCode.OK, hub.StatusCode);
        using var elsewhere = await http.GetAsync("/sign-in?from=//example.com");
        Assert.True(elsewhere.IsSuccessStatusCode);
    }

    [BrowserFact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        await visit.Page.GotoAsync("/");
        await SignInAsync(visit, _operator.Key);

        var cookie = Assert.Single(await visit.Page.Context.CookiesAsync(), cookie => cookie.Name == "orleans-pipeline-dashboard");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(_operator.Key, cookie.Value, StringComparison.Ordinal);
    }

    private static async Task SignInAsync(Visit visit, string key)
    {
        await visit.Page.GetByLabel("API key").FillAsync(key);
        await visit.Button("Sign in").ClickAsync();
        await visit.WhenLiveAsync();
    }
}
