using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>The place of an API key or a bearer token. Each use reads the secret, and no output shows it.</summary>
/// <param name="Secret">The place of the key or token.</param>
/// <param name="IsToken">Whether the secret is a token, not a key.</param>
internal sealed record Credentials(Secret Secret, bool IsToken)
{
    private const string KeyName = "API key";
    private const string TokenName = "token";

    /// <summary>Gets the credentials that the environment names; null for none.</summary>
    /// <exception cref="UsageException">The environment has both a key and a token.</exception>
    public static Credentials? OfEnvironment() => Of(
        Secret.OfEnvironment(KeyName, "API_KEY"),
        Secret.OfEnvironment(TokenName, "TOKEN"),
        "The environment has both PIPELINE_API_KEY and PIPELINE_TOKEN (or their _FILE). Keep one of them.");

    /// <summary>Gets the credentials that a profile names; null for none.</summary>
    /// <exception cref="UsageException">The profile has both a key and a token.</exception>
    public static Credentials? OfProfile(Profile? profile) => profile is null ? null : Of(
        Secret.Of(KeyName, profile.ApiKeyFile, profile.ApiKeyVariable),
        Secret.Of(TokenName, profile.TokenFile, profile.TokenVariable),
        "The profile has both an API key and a token. Keep one of them.");

    /// <summary>Reads the API key; null for a token.</summary>
    /// <exception cref="UsageException">The file or variable has no secret.</exception>
    public string? ApiKey() => IsToken ? null : Secret.Read();

    /// <summary>
    /// Returns a function that reads the token for each call, so that a token renewed in its file takes effect; null for a key.
    /// </summary>
    /// <exception cref="UsageException">The file or variable has no secret.</exception>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider()
    {
        if (!IsToken)
        {
            return null;
        }

        Secret.Read();
        return _ => new(Secret.Read());
    }

    /// <summary>Describes the credentials for people: <c>API key in file …</c>.</summary>
    public override string ToString() => $"{Secret.What} in {Secret}";

    private static Credentials? Of(Secret? apiKey, Secret? token, string both) => (apiKey, token) switch
    {
        (null, null) => null,
        ({ } key, null) => new(key, IsToken: false),
        (null, { } bearer) => new(bearer, IsToken: true),
        _ => throw new UsageException(both),
    };
}
