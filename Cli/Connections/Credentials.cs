using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>Who asks: an API key or a bearer token, by where it is. It is read when it is used, and never shown.</summary>
/// <param name="Secret">Where the key or token is.</param>
/// <param name="IsToken">Whether it is a token.</param>
internal sealed record Credentials(Secret Secret, bool IsToken)
{
    private const string KeyName = "API key";
    private const string TokenName = "token";

    /// <summary>What the environment says; null if it says nothing.</summary>
    /// <exception cref="UsageException">It has both a key and a token.</exception>
    public static Credentials? OfEnvironment() => Of(
        Secret.OfEnvironment(KeyName, "API_KEY"),
        Secret.OfEnvironment(TokenName, "TOKEN"),
        "The environment has both PIPELINE_API_KEY and PIPELINE_TOKEN (or their _FILE). Keep one of them.");

    /// <summary>What a profile says; null if it says nothing.</summary>
    /// <exception cref="UsageException">It has both a key and a token.</exception>
    public static Credentials? OfProfile(Profile? profile) => profile is null ? null : Of(
        Secret.Of(KeyName, profile.ApiKeyFile, profile.ApiKeyVariable),
        Secret.Of(TokenName, profile.TokenFile, profile.TokenVariable),
        "The profile has both an API key and a token. Keep one of them.");

    /// <summary>Reads the API key; null if it is a token.</summary>
    /// <exception cref="UsageException">It is not there.</exception>
    public string? ApiKey() => IsToken ? null : Secret.Read();

    /// <summary>Reads the token again for each call, so that a token renewed in its file is used; null if it is a key.</summary>
    /// <exception cref="UsageException">It is not there.</exception>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider()
    {
        if (!IsToken)
        {
            return null;
        }

        Secret.Read();
        return _ => new(Secret.Read());
    }

    /// <summary>What and where it is, for people: <c>API key in file …</c>.</summary>
    public override string ToString() => $"{Secret.What} in {Secret}";

    private static Credentials? Of(Secret? apiKey, Secret? token, string both) => (apiKey, token) switch
    {
        (null, null) => null,
        ({ } key, null) => new(key, IsToken: false),
        (null, { } bearer) => new(bearer, IsToken: true),
        _ => throw new UsageException(both),
    };
}
