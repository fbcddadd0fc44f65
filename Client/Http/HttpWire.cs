using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

/// <summary>Sends requests to the gateway and turns every failure into the exception that the log or the engine documents.</summary>
internal sealed class HttpWire : IDisposable
{
    private readonly GatewayAddresses _addresses;
    private readonly TimeSpan _requestTimeout;
    private readonly Version _version;
    private readonly RequestCredentials _credentials;
    private readonly GatewayTelemetry _telemetry = new();
    private readonly HttpClient _http;

    public HttpWire(GatewayAddresses addresses, PipelineClientSettings settings)
    {
        _addresses = addresses;
        _requestTimeout = settings.RequestTimeout;
        _version = settings.UseHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        _credentials = new(settings);
        _http = new(GatewayHandler.Create(settings)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="StoreUnavailableException">There was no answer, or the gateway or its store is unavailable.</exception>
    /// <exception cref="PipelineException">The gateway refused the request.</exception>
    public async ValueTask<T> SendAsync<T>(WireRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var (answer, address) = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("the JSON is null");
        }
        catch (JsonException invalid)
        {
            throw new PipelineRequestException(
                HttpStatusCode.OK,
                code: null,
                $"{request} at {address} returned something other than this API's JSON ({invalid.Message}). "
                    + "Check the address and the gateway's version.");
        }
    }

    /// <exception cref="StoreUnavailableException">There was no answer, or the gateway or its store is unavailable.</exception>
    /// <exception cref="PipelineException">The gateway refused the request.</exception>
    public async ValueTask<byte[]> SendAsync(WireRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(request, cancellationToken).ConfigureAwait(false)).Body;

    /// <summary>Sends a request.</summary>
    /// <returns>The answer, and the gateway that gave it, which may no longer be the one in use.</returns>
    /// <exception cref="StoreUnavailableException">There was no answer, or the gateway or its store is unavailable.</exception>
    /// <exception cref="PipelineException">The gateway refused the request.</exception>
    public async ValueTask<(byte[] Body, Uri Address)> AskAsync(WireRequest request, CancellationToken cancellationToken)
    {
        var credentials = await _credentials.GetHeaderAsync(cancellationToken).ConfigureAwait(false);
        for (var others = _addresses.Count - 1; ; others--)
        {
            var address = _addresses.Current;
            try
            {
                return (await SendAsync(request, address, credentials, cancellationToken).ConfigureAwait(false), address);
            }
            catch (StoreUnavailableException failure)
            {
                _addresses.TurnFrom(address);
                if (others == 0 || !WasNotSent(failure))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Selects the next gateway, because one ended a wait early, and returns the error to throw.</summary>
    public StoreUnavailableException WaitEnded(WireRequest request, Uri address)
    {
        _addresses.TurnFrom(address);
        return new(
            $"{request} was answered without records before its wait of {request.Wait} was over: the gateway at {address} is stopping.");
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<byte[]> SendAsync(
        WireRequest request, Uri address, (string? Name, string Value) credentials, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Wait != Timeout.InfiniteTimeSpan)
        {
            timeout.CancelAfter(request.Wait + _requestTimeout);
        }

        using var message = request.ToMessage(address, _version);
        if (credentials.Name is { } name)
        {
            message.Headers.TryAddWithoutValidation(name, credentials.Value);
        }

        try
        {
            // Waits for the headers only: otherwise memory would hold the body twice.
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token)
                .ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false);
            _telemetry.NoteAnswered(address);
            return response.IsSuccessStatusCode || response.StatusCode == request.AlsoAnswers
                ? body
                : throw Refusal(response, body, request);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _telemetry.NoteLost();
            throw new StoreUnavailableException($"{request} at {address} was not answered within {request.Wait + _requestTimeout}.");
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            _telemetry.NoteLost();
            throw new StoreUnavailableException($"The gateway at {address} cannot be reached: {lost.GetBaseException().Message}", lost);
        }
    }

    /// <summary>Returns whether the request found no connection, so that the next gateway may be tried at once.</summary>
    private static bool WasNotSent(StoreUnavailableException failure) => failure.InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
    };

    private PipelineException Refusal(HttpResponseMessage response, byte[] body, WireRequest request)
    {
        Problem? problem = null;
        if (MediaTypes.Problem.Equals(response.Content.Headers.ContentType?.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                problem = JsonSerializer.Deserialize(body, WireJson.Default.Problem);
            }
            catch (JsonException)
            {
                // The status alone then determines the kind of failure.
            }
        }

        var retryAfter = problem?.RetryAfterMs is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : response.Headers.RetryAfter?.Delta;
        return ProblemExceptions.Of(problem, response.StatusCode, retryAfter, request, isOnlyGateway: _addresses.Count == 1);
    }
}
