namespace Orleans.Pipeline.Client.Http;

internal sealed class RequestCredentials(PipelineClientSettings settings)
{
    private const string ApiKeyHeader = "X-Api-Key";
    private const string TokenHeader = "Authorization";

    private readonly string? _apiKey = settings.ApiKey;
    private readonly Func<CancellationToken, ValueTask<string>>? _tokenProvider = settings.TokenProvider;

    /// <summary>Returns the header with the credentials. Its name is null without credentials.</summary>
    /// <exception cref="StoreUnavailableException">The token provider failed.</exception>
    public async ValueTask<(string? Name, string Value)> GetHeaderAsync(CancellationToken cancellationToken)
    {
        if (_apiKey is not null)
        {
            return (ApiKeyHeader, _apiKey);
        }

        return _tokenProvider is not null
            ? (TokenHeader, "Bearer " + await AskForTokenAsync(_tokenProvider, cancellationToken).ConfigureAwait(false))
            : (null, "");
    }

    private static async ValueTask<string> AskForTokenAsync(
        Func<CancellationToken, ValueTask<string>> provider, CancellationToken cancellationToken)
    {
        string token;
        try
        {
            token = await provider(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException(
                $"The request has no token, because the client's token provider failed ({failure.GetType().Name}). "
                    + "See the inner exception.",
                failure);
        }

        return IsSendable(token)
            ? token
            : throw new StoreUnavailableException("The request has no token, because the client's token provider returned a token that is "
                + "empty or holds characters that are not allowed.");
    }

    /// <summary>Returns whether a header can carry a secret: printable ASCII without spaces.</summary>
    public static bool IsSendable(string? secret) =>
        !string.IsNullOrEmpty(secret) && secret.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
