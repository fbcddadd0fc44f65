using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orleans.Pipeline.Gateway.Tests.Access;

public sealed class TokenTests : AccessTest
{
    private const string Issuer = "https://issuer.test";
    private const string Audience = "pipeline";

    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly string _keyFile = Path.GetTempFileName();
    private ApiKey _key = null!;

    public static TheoryData<string, Action<SecurityTokenDescriptor>> Faults => new()
    {
        { "The token has expired.", token => (token.NotBefore, token.Expires) = (
            DateTime.UtcNow.AddHours(-2),
            DateTime.UtcNow.AddHours(-1)) },
        { "The token is not valid yet.", token => (token.NotBefore, token.Expires) = (
            DateTime.UtcNow.AddHours(1),
            DateTime.UtcNow.AddHours(2)) },
        { "The token is for another audience.", token => token.Audience = "another" },
        { "The token's issuer is not accepted here.", token => token.Issuer = "https://another.test" },
        { "The token is signed by a key that is not one of its issuer's.", token => token.SigningCredentials = Hmac(RandomNumberGenerator.GetBytes(32)) },
        { "The token's signature is invalid.", token => token.SigningCredentials = null },
    };

    private protected override void Configure()
    {
        const string Jwt = "Gateway:Authentication:Jwt";
        File.WriteAllText(_keyFile, Curve.ExportSubjectPublicKeyInfoPem());
        Configuration.Set($"{Jwt}:Audience", Audience);
        Configuration.Set($"{Jwt}:TokenValidationParameters:ValidIssuer", Issuer);
        Configuration.Set($"{Jwt}:SigningKeys:0:Secret", Convert.ToBase64String(_secret));
        Configuration.Set($"{Jwt}:SigningKeys:1:PublicKey", Rsa.ExportSubjectPublicKeyInfoPem());
        Configuration.Set($"{Jwt}:SigningKeys:2:PublicKeyFile", _keyFile);
        _key = AddKey(0, "till", "produce");
    }

    public override async Task DisposeAsync()
    {
        File.Delete(_keyFile);
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task A_token_of_a_given_key_is_accepted(string algorithm)
    {
        var token = Token(scope: "pipeline.produce openid", change: descriptor => descriptor.SigningCredentials = algorithm switch
        {
            "HS256" => Hmac(_secret),
            "RS256" => new SigningCredentials(new RsaSecurityKey(Rsa), algorithm),
            _ => new SigningCredentials(new ECDsaSecurityKey(Curve), algorithm),
        });

        await JsonAsync(await SendTokenAsync(HttpMethod.Post, "/v1/producers", token));
        var problem = await AssertProblemAsync(await SendTokenAsync(HttpMethod.Delete, "/v1/topics/orders", token), 403, "forbidden");
        Assert.Equal("'anna' may produce; this needs operate.", (string?)problem["detail"]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_token_that_does_not_hold_is_refused_with_the_reason(string reason, Action<SecurityTokenDescriptor> change)
    {
        var token = Token("produce", change: change);
        using var response = await SendTokenAsync(HttpMethod.Post, "/v1/producers", token);

        var problem = await AssertProblemAsync(response, 401, "unauthenticated");
        Assert.Equal(reason, (string?)problem["detail"]);
        Assert.Equal(
            ["ApiKey realm=\"Orleans.Pipeline\", header=\"X-Api-Key\"", "Bearer realm=\"Orleans.Pipeline\", error=\"invalid_token\""],
            response.Headers.WwwAuthenticate.Select(way => way.ToString()));
        Assert.Equal($"Refused POST /v1/producers from 127.0.0.1, which is not authenticated: {reason}", Assert.Single(Log.Refusals));
        Assert.DoesNotContain(Log.Lines, line => line.Text.Contains(token, StringComparison.Ordinal) || line.Text.Contains(
            token.Split('.')[1],
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ..")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("Basic dGlsbDpwbGs=")]
    public async Task A_header_without_a_token_is_refused(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/producers");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await Http.SendAsync(request);

        await AssertProblemAsync(response, 401, "unauthenticated");
        Assert.Single(Log.Refusals);
    }

    [Fact]
    public async Task The_topics_and_pipelines_of_a_token_are_patterns_alone_or_several()
    {
        await Gateway.Store.CreateTopicAsync("payments.eu", new());
        await Gateway.Store.CreateTopicAsync("audit", new());

        Assert.Equal(["audit", "orders", "payments.eu"], await TopicsOfAsync(Token("consume")));
        Assert.Equal(["orders"], await TopicsOfAsync(Token("consume", topics: "orders")));
        Assert.Equal(["orders", "payments.eu"], await TopicsOfAsync(Token("consume", topics: "payments.* orders")));
        Assert.Equal(["audit", "orders"], await TopicsOfAsync(Token("consume", topics: new[] { "audit", "ord*" })));
        Assert.Equal([], await TopicsOfAsync(Token("consume", topics: Array.Empty<string>())));
        Assert.Equal([], await TopicsOfAsync(Token("consume", topics: "")));
        await AssertProblemAsync(
            await SendTokenAsync(HttpMethod.Get, "/v1/pipelines/traffic", Token("consume", pipelines: "orders")), 403, "forbidden");
        await AssertProblemAsync(
            await SendTokenAsync(HttpMethod.Get, "/v1/pipelines/traffic", Token("consume", pipelines: "tra*")), 404, "unknown-pipeline");
    }

    [Fact]
    public async Task A_token_without_scopes_may_do_nothing()
    {
        var problem = await AssertProblemAsync(
            await SendTokenAsync(HttpMethod.Get, "/v1/topics", Token("openid profile")), 403, "forbidden");

        Assert.Equal("'anna' may nothing; this needs produce, consume or operate.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_key_is_asked_before_a_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/topics/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token("operate"));
        request.Headers.Add("X-Api-Key", _key.Key);

        await AssertProblemAsync(await Http.SendAsync(request), 403, "forbidden");
    }

    [Fact]
    public async Task The_keys_of_an_authority_are_fetched()
    {
        await using var authority = await Authority.StartAsync(new RsaSecurityKey(Rsa) { KeyId = "first" });
        await using var gateway = await StartWithAuthorityAsync(authority.Address);
        var token = Token("produce", change: descriptor =>
        {
            descriptor.Issuer = authority.Address;
            descriptor.SigningCredentials = new SigningCredentials(new RsaSecurityKey(Rsa) { KeyId = "first" }, "RS256");
        });

        await JsonAsync(await SendAsync(gateway.Http, token));
        await AssertProblemAsync(await SendAsync(gateway.Http, Token("produce")), 401, "unauthenticated");
    }

    [Fact]
    public async Task An_authority_that_cannot_be_reached_refuses_its_tokens_and_nobody_else()
    {
        await using var gateway = await StartWithAuthorityAsync("http://127.0.0.1:1");

        await AssertProblemAsync(await SendAsync(gateway.Http, Token("produce")), 401, "unauthenticated");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/producers");
        request.Headers.Add("X-Api-Key", _key.Key);
        await JsonAsync(await gateway.Http.SendAsync(request));
    }

    private static SigningCredentials Hmac(byte[] secret) => new(new SymmetricSecurityKey(secret), "HS256");

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/producers");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http.SendAsync(request);
    }

    private Task<GatewayHost> StartWithAuthorityAsync(string address)
    {
        Configuration.Remove("Gateway:Authentication:Jwt");
        Configuration.Set("Gateway:Authentication:Jwt:Authority", address);
        Configuration.Set("Gateway:Authentication:Jwt:Audience", Audience);
        Configuration.Set("Gateway:Authentication:Jwt:RequireHttpsMetadata", "false");
        return GatewayHost.StartAsync(build: Build);
    }

    private Task<HttpResponseMessage> SendTokenAsync(HttpMethod method, string path, string token)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Http.SendAsync(request);
    }

    private string Token(string scope, object? topics = null, object? pipelines = null, Action<SecurityTokenDescriptor>? change = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "anna", ["scope"] = scope };
        foreach (var (claim, value) in new[] { ("topics", topics), ("pipelines", pipelines) })
        {
            if (value is not null)
            {
                claims[claim] = value;
            }
        }

        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Expires = DateTime.UtcNow.AddHours(1),
            Claims = claims,
            SigningCredentials = Hmac(_secret),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler().CreateToken(descriptor);
    }

    private async Task<IEnumerable<string>> TopicsOfAsync(string token)
    {
        var topics = await JsonAsync(await SendTokenAsync(HttpMethod.Get, "/v1/topics", token));
        return topics["topics"]!.AsArray().Select(topic => (string)topic!["name"]!);
    }
}
