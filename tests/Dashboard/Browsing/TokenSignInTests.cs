using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Playwright;
using Orleans.Pipeline.Dashboard.Tests.Hosting;
using static Orleans.Pipeline.Dashboard.Tests.Hosting.Visit;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>A host that knows people by tokens alone.</summary>
[Collection(DashboardCollection.Name)]
public sealed class TokenSignInTests(Chromium chromium) : IAsyncLifetime
{
    private const string Audience = "pipeline";
    private const string Issuer = "https://login.example.com/";
    private const string Field = "API key or token";

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly MovedClock _clock = new();
    private LocalDashboard _host = null!;

    public async Task InitializeAsync() => _host = await LocalDashboard.StartAsync(
        pipelines => pipelines
            .Add("orders", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copies")))
            .Add("salaries", pipeline => pipeline.From("salaries", partitions: 2).To(Sink.Topic("salaries.copies"))),
        new Dictionary<string, string?>
        {
            ["Gateway:Authentication:Jwt:Audience"] = Audience,
            ["Gateway:Authentication:Jwt:TokenValidationParameters:ValidIssuer"] = Issuer,
            ["Gateway:Authentication:Jwt:SigningKeys:0:Secret"] = Convert.ToBase64String(_secret),
        },
        services => services.AddSingleton<TimeProvider>(_clock));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [BrowserFact]
    public async Task A_token_shows_what_it_allows_and_no_more()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        await visit.Page.GotoAsync("/pipelines/orders");
        await visit.AssertAccessibleAsync();

        await SignInAsync(visit, Token("openid pipeline.consume pipeline.operate", "orders"));

        await Expect(visit.Page.GetByText("anna", new() { Exact = true })).ToBeVisibleAsync();
        await visit.Button("Pause").ClickAsync();
        await Expect(visit.Page.Locator(".page-head .badge")).ToHaveTextAsync("Paused");
        await visit.GoAsync("/pipelines/salaries");
        await Expect(visit.Page.GetByText("does not exist")).ToBeVisibleAsync();
        await visit.GoAsync("/topics");
        await Expect(visit.Link("orders")).ToBeVisibleAsync();
        await Expect(visit.Link("salaries")).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [BrowserFact]
    public async Task What_a_token_began_ends_with_it()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        await visit.Page.GotoAsync("/topics");
        await SignInAsync(visit, Token("consume", "*"));
        await Expect(visit.Link("orders")).ToBeVisibleAsync();

        _clock.Move(TimeSpan.FromMinutes(61));

        await Expect(visit.Page.GetByLabel(Field)).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/topics");
        await Expect(visit.Page.GetByLabel(Field)).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_token_that_another_signed_that_has_ended_or_that_may_only_produce_is_refused()
    {
        await using var visit = await chromium.OpenAsync(_host.Address);
        var others = Token("consume", "*", descriptor => descriptor.SigningCredentials = Hmac(RandomNumberGenerator.GetBytes(32)));
        var ended = Token(
            "consume",
            "*",
            descriptor => (descriptor.NotBefore, descriptor.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddHours(-1)));
        foreach (var token in new[] { others, ended, Token("produce", "*"), "no token", "plk_unknown" })
        {
            await visit.Page.GotoAsync("/");
            await visit.Page.GetByLabel(Field).FillAsync(token);
            await visit.Button("Sign in").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known here, has ended, or may only produce");
        }
    }

    private static SigningCredentials Hmac(byte[] secret) => new(new SymmetricSecurityKey(secret), "HS256");

    private static async Task SignInAsync(Visit visit, string token)
    {
        await visit.Page.GetByLabel(Field).FillAsync(token);
        await visit.Button("Sign in").ClickAsync();
        await visit.WhenLiveAsync();
    }

    /// <summary>A token of an hour for topics and pipelines by one pattern.</summary>
    private string Token(string scope, string names, Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Expires = DateTime.UtcNow.AddHours(1),
            Claims = new Dictionary<string, object> { ["sub"] = "anna", ["scope"] = scope, ["topics"] = names, ["pipelines"] = names },
            SigningCredentials = Hmac(_secret),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler().CreateToken(descriptor);
    }

    /// <summary>The system's clock, moved on.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private long _moved;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _moved));

        public void Move(TimeSpan by) => Interlocked.Add(ref _moved, by.Ticks);
    }
}
