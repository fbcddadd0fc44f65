using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>Clients of a gateway that asks them who they are.</summary>
public sealed class CredentialsTests : AccessTest
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private ApiKey _producer = null!;
    private ApiKey _operator = null!;

    private protected override void Configure()
    {
        _producer = AddKey(0, "till", "produce", topics: "orders");
        _operator = AddKey(1, "operator", "operate consume");
        Configuration.Set("Gateway:Authentication:Jwt:Audience", "pipeline");
        Configuration.Set("Gateway:Authentication:Jwt:TokenValidationParameters:ValidIssuer", "issuer");
        Configuration.Set("Gateway:Authentication:Jwt:SigningKeys:0:Secret", Convert.ToBase64String(_secret));
    }

    [Fact]
    public async Task A_key_lets_its_owner_do_what_it_is_for_and_refuses_the_rest_by_name()
    {
        await using var client = Client(new() { ApiKey = _producer.Key });
        await using var producer = client.CreateProducer("orders");
        await producer.SendAsync("k", "v");

        var refused = await Assert.ThrowsAsync<AccessDeniedException>(() => client.Admin.DeleteTopicAsync("orders").AsTask());

        Assert.True(refused.IsAuthenticated);
        Assert.Equal("'till' may produce; this needs operate.", refused.Message);
    }

    [Fact]
    public async Task A_producer_and_a_consumer_that_may_not_fail_at_once()
    {
        await Gateway.Store.CreateTopicAsync("audit", new());
        await using var client = Client(new() { ApiKey = _producer.Key });
        await using var nobody = Client(new());
        await using var producer = client.CreateProducer("audit");
        await using var unknown = nobody.CreateProducer("orders");
        await using var consumer = client.CreateConsumer("orders");

        await Assert.ThrowsAsync<AccessDeniedException>(async () => await producer.SendAsync("k", "v"));
        Assert.False((await Assert.ThrowsAsync<AccessDeniedException>(async () => await unknown.SendAsync("k", "v"))).IsAuthenticated);
        await Assert.ThrowsAsync<AccessDeniedException>(() => ReadAsync(consumer));
    }

    [Fact]
    public async Task A_producer_that_loses_its_right_fails_and_goes_on_when_it_has_it_again()
    {
        await using var client = Client(new() { ApiKey = _producer.Key });
        await using var producer = client.CreateProducer("orders");
        await producer.SendAsync("k", "1");

        Configuration.Set("Gateway:Authentication:ApiKeys:0:Topics:0", "others");
        Configuration.Reload();
        await Assert.ThrowsAsync<AccessDeniedException>(async () => await producer.SendAsync("k", "2"));
        Configuration.Set("Gateway:Authentication:ApiKeys:0:Topics:0", "orders");
        Configuration.Reload();

        Assert.Equal(1, (await producer.SendAsync("k", "3")).Offset);
    }

    [Fact]
    public async Task A_token_provider_that_is_cancelled_by_itself_counts_as_a_gateway_that_does_not_answer()
    {
        await using var client = Client(new() { TokenProvider = static _ => throw new TaskCanceledException("the authority is slow") });

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await client.Topics.ListTopicsAsync());

        Assert.IsType<TaskCanceledException>(failure.InnerException);
    }

    [Fact]
    public async Task A_token_provider_that_the_caller_cancels_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var client = Client(new()
        {
            TokenProvider = async token =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
                return "token";
            },
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.Topics.ListTopicsAsync(stop.Token));
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_refused_and_stands_in_no_message()
    {
        var key = ApiKey.Create().Key;
        var settings = new PipelineClientSettings { ApiKey = key };
        await using var client = Client(settings);

        var refused = await Assert.ThrowsAsync<AccessDeniedException>(() => client.Admin.ListTopicsAsync().AsTask());

        Assert.False(refused.IsAuthenticated);
        Assert.DoesNotContain(key, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, settings.ToString(), StringComparison.Ordinal);
        var unfit = Assert.Throws<ArgumentException>(() => Client(settings with { ApiKey = key + "\n" }));
        Assert.DoesNotContain(key, unfit.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_asked_for_before_each_request_so_it_can_be_renewed()
    {
        var lifetimes = new Queue<int>([600, -600, 600]);
        await using var client = Client(new() { TokenProvider = _ => new(Token(lifetimes.Dequeue())) });

        Assert.NotEmpty(await client.Admin.ListTopicsAsync());
        var expired = await Assert.ThrowsAsync<AccessDeniedException>(() => client.Admin.ListTopicsAsync().AsTask());
        Assert.NotEmpty(await client.Admin.ListTopicsAsync());

        Assert.Equal("The token has expired.", expired.Message);
        Assert.Equal("anna", Token(600) is var token ? (await Client(new() { TokenProvider = _ => new(token) }).Admin.DescribeServerAsync()).Caller.Name : "");
    }

    [Fact]
    public async Task A_token_provider_that_fails_is_tried_again_by_a_producer()
    {
        var asked = 0;
        await using var client = Client(new()
        {
            TokenProvider = _ =>
                ++asked == 2 ? throw new InvalidOperationException("The issuer is away.") : new(asked == 4 ? "" : Token(600)),
        });
        await using var producer = client.CreateProducer("orders", new() { InitialBackoff = TimeSpan.FromMilliseconds(1) });

        Assert.Equal(0, (await producer.SendAsync("k", "v")).Offset);

        Assert.True(asked >= 5);
        asked = 1;
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => client.Admin.ListTopicsAsync().AsTask());
        Assert.Equal("The issuer is away.", failure.InnerException?.Message);
    }

    [Fact]
    public void A_key_and_a_token_at_once_are_refused() => Assert.Throws<ArgumentException>(
        () => Client(new() { ApiKey = _producer.Key, TokenProvider = _ => new("token") }));

    [Fact]
    public async Task A_gateway_tells_what_it_takes_and_whom_it_sees()
    {
        await using var client = Client(new() { ApiKey = _operator.Key });

        var server = await client.Admin.DescribeServerAsync();

        Assert.Equal(("Orleans.Pipeline", "SQLite", true), (server.Product, server.Store, server.Authentication));
        Assert.Equal((16 << 20, 1 << 20, 8 << 20, 4 << 20, 30_000), (
            server.Limits.RequestBytes,
            server.Limits.RecordBytes,
            server.Limits.BatchBytes,
            server.Limits.ReadBytes,
            server.Limits.WaitMs));
        Assert.Equal("operator", server.Caller.Name);
        Assert.Equal(["consume", "operate"], server.Caller.Scopes);
        Assert.Equal(["*"], server.Caller.Topics);
    }

    private PipelineClient Client(PipelineClientSettings settings) => new(Gateway.Address, settings);

    private string Token(int seconds) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "issuer",
        Audience = "pipeline",
        NotBefore = DateTime.UtcNow.AddHours(-1),
        Expires = DateTime.UtcNow.AddSeconds(seconds),
        Claims = new Dictionary<string, object> { ["sub"] = "anna", ["scope"] = "produce consume operate" },
        SigningCredentials = new(new SymmetricSecurityKey(_secret), "HS256"),
    });

    private static async Task ReadAsync(Consumer consumer)
    {
        await foreach (var _ in consumer.ReadAsync())
        {
        }
    }
}
