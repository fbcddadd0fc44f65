using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Tests.Access;

public sealed class AuthenticationSettingsTests
{
    private const string Authentication = "Gateway:Authentication";
    private const string Key = $"{Authentication}:ApiKeys:0";
    private const string Certificate = $"{Authentication}:Certificates:0";
    private const string Jwt = $"{Authentication}:Jwt";
    private static readonly string Secret = Convert.ToBase64String(new byte[32]);

    /// <summary>
    /// What one setting does to settings that are valid: the fault begins with its key, or that of the thing that it makes impossible.
    /// </summary>
    public static TheoryData<string, string?, string> Faults => new()
    {
        { $"{Key}:Name", "", $"{Key}:Name is empty" },
        { $"{Key}:Name", "a\nb", $"{Key}:Name is empty or has control characters" },
        { $"{Key}:Hash", "", $"{Key}:Hash is no hash of a key." },
        { $"{Key}:Hash", "sha256:AAAA", $"{Key}:Hash is no hash of a key." },
        { $"{Key}:Hash", "md5:" + Secret, $"{Key}:Hash is no hash of a key." },
        { $"{Key}:Hash", "plk_secret", $"{Key}:Hash is a key, not its hash." },
        { $"{Key}:Scopes:0", null, $"{Key}:Scopes is empty." },
        { $"{Key}:Scopes:0", "administrate", $"{Key}:Scopes:0 is 'administrate', which is no scope. Give some of produce, consume, operate." },
        { $"{Key}:Scopes:0", "Produce", $"{Key}:Scopes:0 is 'Produce', which is no scope." },
        { $"{Key}:Topics:0", "Orders", $"{Key}:Topics:0 is 'Orders', which matches no name." },
        { $"{Key}:Topics:0", "", $"{Key}:Topics:0 is ''" },
        { $"{Key}:Topics", "", $"{Key}:Topics is empty. Leave it out, or give {Key}:Topics:0 and so on." },
        { $"{Key}:Topics", "orders", $"{Key}:Topics is one value, but a list is needed." },
        { $"{Key}:Pipelines:0", "traffic?", $"{Key}:Pipelines:0 is 'traffic?'" },
        { $"{Key}:Topic:0", "orders", $"{Key}:Topic does not exist. There are: Hash, Name, Pipelines, Scopes, Topics." },
        { $"{Certificate}:Name", "till", $"{Certificate}:Name is that of {Key} too." },
        { $"{Certificate}:Thumbprint", "1234", $"{Certificate}:Thumbprint is '1234', which is no SHA-256 of a certificate." },
        { $"{Authentication}:ApiKeys:1:Hash", "as the first", $"{Authentication}:ApiKeys:1:Hash is that of {Key} too." },
        { $"{Authentication}:Anonymous", "true", $"{Authentication}:Anonymous is true, which allows everyone everything" },
        { $"{Authentication}:Anonymous", "perhaps", $"Failed to convert configuration value 'perhaps' at '{Authentication}:Anonymous'" },
        { $"{Authentication}:ApiKey:0:Name", "till", $"{Authentication}:ApiKey does not exist. There are: Anonymous, ApiKeys, Certificates, Jwt." },
        { "Gateway:Limit:RequestBytes", "1", "Gateway:Limit does not exist. There are: Authentication, HealthTimeout, Limits." },
        { "Gateway:Limits:RequestByte", "1", "Gateway:Limits:RequestByte does not exist." },
        { "Gateway:Limits:RequestBytes", "many", "Failed to convert configuration value 'many' at 'Gateway:Limits:RequestBytes'" },
        { $"{Jwt}:Audience", null, $"{Jwt}:Audience is missing." },
        { $"{Jwt}:Authorty", "https://issuer.test", $"{Jwt}:Authorty does not exist." },
        { $"{Jwt}:Authority", "http://issuer.test", $"{Jwt}:Authority is 'http://issuer.test'. Give an https address, or set RequireHttpsMetadata to false for a test." },
        { $"{Jwt}:TokenValidationParameters:ValidIssuer", null, $"{Jwt}:TokenValidationParameters:ValidIssuer is missing." },
        { $"{Jwt}:TokenValidationParameters:Issuer", "a", $"{Jwt}:TokenValidationParameters:Issuer does not exist." },
        { $"{Jwt}:SigningKeys:0:Secret", null, $"{Jwt} names no issuer whose tokens are accepted." },
        { $"{Jwt}:SigningKeys:0:Secret", "c2hvcnQ=", $"{Jwt}:SigningKeys:0 has a Secret that is not at least 32 bytes as base64." },
        { $"{Jwt}:SigningKeys:0:PublicKey", "-----BEGIN PUBLIC KEY-----", $"{Jwt}:SigningKeys:0 needs one of Secret, PublicKey and PublicKeyFile, and not two." },
        { $"{Jwt}:SigningKeys:1:PublicKey", "-----BEGIN PUBLIC KEY-----", $"{Jwt}:SigningKeys:1 has a public key that is no RSA or elliptic-curve key as PEM" },
        { $"{Jwt}:SigningKeys:1:PublicKeyFile", "/missing/key.pem", $"{Jwt}:SigningKeys:1 names the file '/missing/key.pem', which cannot be read" },
    };

    [Fact]
    public void The_settings_of_these_tests_are_valid()
    {
        using IHost app = Build(Valid());
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_setting_that_is_not_possible_stops_the_host_and_is_named_without_its_secret(string key, string? value, string fault)
    {
        var settings = Valid();
        settings[key] = value == "as the first" ? settings[$"{Key}:Hash"] : value;
        if (value is null)
        {
            settings.Remove(key);
        }

        var refused = Assert.Throws<OptionsValidationException>(() => Build(settings));

        Assert.Contains(refused.Failures, failure => failure.StartsWith(fault, StringComparison.Ordinal));
        Assert.DoesNotContain("plk_", refused.Message);
        Assert.DoesNotContain(Secret, refused.Message);
    }

    [Fact]
    public void A_list_of_topics_that_is_empty_in_a_file_is_not_taken_for_all()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(Valid()).AddJsonStream(new MemoryStream(
            """{"Gateway":{"Authentication":{"ApiKeys":[{"Topics":[]}]}}}"""u8.ToArray()));
        builder.AddPipelineGateway();

        var refused = Assert.Throws<OptionsValidationException>(builder.Build);

        Assert.StartsWith($"{Key}:Topics is empty.", Assert.Single(refused.Failures));
    }

    private static Dictionary<string, string?> Valid() => new()
    {
        [$"{Key}:Name"] = "till",
        [$"{Key}:Hash"] = ApiKey.Create().Hash,
        [$"{Key}:Scopes:0"] = "produce",
        [$"{Authentication}:ApiKeys:1:Name"] = "till-2",
        [$"{Authentication}:ApiKeys:1:Hash"] = ApiKey.Create().Hash,
        [$"{Authentication}:ApiKeys:1:Scopes:0"] = "produce",
        [$"{Certificate}:Name"] = "door",
        [$"{Certificate}:Thumbprint"] = new string('0', 64),
        [$"{Certificate}:Scopes:0"] = "consume",
        [$"{Jwt}:Audience"] = "pipeline",
        [$"{Jwt}:TokenValidationParameters:ValidIssuer"] = "https://issuer.test",
        [$"{Jwt}:SigningKeys:0:Secret"] = Secret,
    };

    private static WebApplication Build(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddPipelineGateway();
        return builder.Build();
    }
}
