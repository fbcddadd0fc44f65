using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Limits;

/// <summary>
/// Limits the requests in flight, and each caller's requests per second. Requests that wait are counted apart, so that they take no places
/// from appends. A request over a limit is refused at once, before its body is read.
/// </summary>
internal sealed class RequestLimits : IDisposable
{
    private const int RetryMs = 1000;

    private readonly ConcurrencyLimiter _requests;
    private readonly ConcurrencyLimiter _waits;
    private readonly PartitionedRateLimiter<HttpContext>? _rates;

    public RequestLimits(GatewaySettings settings)
    {
        var limits = settings.Limits;
        _requests = Places(limits.RequestsInFlight);
        _waits = Places(limits.WaitsInFlight);
        _rates = limits.RequestsPerSecond == 0 ? null : Rates(limits.RequestsPerSecond, limits.RequestBurst);
    }

    public void Apply(IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        var isWait = endpoint.Metadata.OfType<WaitsMetadata>().Any();
        endpoint.RequestDelegate = Bound(endpoint.RequestDelegate!, isWait);
    });

    public void Dispose()
    {
        _requests.Dispose();
        _waits.Dispose();
        _rates?.Dispose();
    }

    private static ConcurrencyLimiter Places(int places) => new(new ConcurrencyLimiterOptions { PermitLimit = places });

    private static PartitionedRateLimiter<HttpContext> Rates(int requestsPerSecond, int burst) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context =>
            RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => new TokenBucketRateLimiterOptions
            {
                TokensPerPeriod = requestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                TokenLimit = Math.Max(burst, requestsPerSecond),
            }));

    /// <summary>Returns whose requests are counted together: those of a known caller, otherwise those from one address.</summary>
    private static string CallerOf(HttpContext context) => context.Features.Get<Caller>() is { } caller && caller != Caller.Anyone
        ? caller.Name
        : context.Connection.RemoteIpAddress?.ToString() ?? "";

    private RequestDelegate Bound(RequestDelegate endpoint, bool isWait)
    {
        var places = isWait ? _waits : _requests;
        return async context =>
        {
            if (_rates is not null)
            {
                using var turn = _rates.AttemptAcquire(context);
                if (!turn.IsAcquired)
                {
                    await ProblemPages.WriteAsync(context, TooOften(turn));
                    return;
                }
            }

            using var place = places.AttemptAcquire();
            if (!place.IsAcquired)
            {
                await ProblemPages.WriteAsync(context, ProblemCatalog.Overloaded($"The gateway has reached its limit of "
                    + $"{(isWait ? "waiting requests" : "requests")} in flight. Try again later."));
                return;
            }

            await endpoint(context);
        };
    }

    private static Problem TooOften(RateLimitLease turn)
    {
        var wait = turn.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (long)Math.Ceiling(after.TotalMilliseconds) : RetryMs;
        var detail = string.Create(
            CultureInfo.InvariantCulture, $"This caller exceeds its limit of requests per second. Try again in {wait} ms.");
        return ProblemKinds.RateLimited.With(detail) with { RetryAfterMs = wait };
    }
}
