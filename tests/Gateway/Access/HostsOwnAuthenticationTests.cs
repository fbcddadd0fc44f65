using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Gateway.Tests.Access;

/// <summary>A host that knows its users by cookies, and puts the gateway behind them.</summary>
public sealed class HostsOwnAuthenticationTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateway-");
    private readonly ApiKey _key = ApiKey.Create();
    private readonly CollectedLog _log = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private bool _asks;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_the_gateway_asks_nobody_the_host_does()
    {
        await StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/v1/topics")).StatusCode);
        await _http.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/v1/topics")).StatusCode);
    }

    [Fact]
    public async Task Where_the_gateway_asks_a_user_of_the_host_is_still_no_caller()
    {
        _asks = true;
        await StartAsync();
        await _http.GetAsync("/sign-in");

        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/v1/topics")).StatusCode);
        _http.DefaultRequestHeaders.Add("X-Api-Key", _key.Key);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/v1/topics")).StatusCode);
    }

    [Fact]
    public async Task An_endpoint_of_the_host_can_need_what_those_of_the_gateway_need()
    {
        _asks = true;
        await StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/reports")).StatusCode);
        _http.DefaultRequestHeaders.Add("X-Api-Key", _key.Key);
        Assert.Equal("till", await _http.GetStringAsync("/reports"));
    }

    [Fact]
    public async Task An_endpoint_that_says_what_it_needs_goes_by_that_and_not_by_its_group()
    {
        _asks = true;
        await StartAsync();
        _http.DefaultRequestHeaders.Add("X-Api-Key", _key.Key);

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/office/reports")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync("/office/safe")).StatusCode);
        Assert.Equal(
            "Refused GET /office/safe of 'till' from 127.0.0.1: it may consume; this needs operate.", Assert.Single(_log.Refusals));
    }

    [Fact]
    public async Task An_endpoint_among_those_of_the_gateway_that_says_nothing_is_closed()
    {
        _asks = true;
        await StartAsync();
        _http.DefaultRequestHeaders.Add("X-Api-Key", _key.Key);

        Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync("/v1/unsaid")).StatusCode);
        Assert.Contains("the endpoint declares no requirement", Assert.Single(_log.Refusals));
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie => cookie.Events.OnRedirectToLogin = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path.Combine(_directory.FullName, "pipeline.db") });
        builder.Services.AddSingleton(_ => store).AddSingleton<ITopicStore>(store);
        builder.AddPipelineGateway(settings =>
        {
            if (_asks)
            {
                settings.Authentication.ApiKeys.Add(new ApiKeySettings { Name = "till", Hash = _key.Hash, Scopes = ["consume"] });
            }
        });
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        var api = _app.MapPipelineGateway().RequireAuthorization();
        api.MapGet("/unsaid", () => "");
        var office = _app.MapGroup("/office").RequireAny(Scopes.Operate);
        office.MapGet("/reports", () => "").RequireAny(Scopes.Consume);
        office.MapGet("/safe", () => "");
        _app.MapGet("/reports", (ClaimsPrincipal user) => user.Identity!.Name).RequireAny(Scopes.Consume);
        _app.MapGet("/sign-in", (HttpContext context) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.Name, "anna")],
            "Cookies"))));
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }
}
