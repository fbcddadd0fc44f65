using System.Globalization;
using System.Text;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

internal sealed class HttpDeadLetters(HttpWire wire)
{
    public async ValueTask<DeadLetterPage> ListAsync(
        string pipeline, DeadLetterFilter filter, DeadLetterPosition? after, int limit, CancellationToken cancellationToken)
    {
        var query = new StringBuilder("?limit=").Append(CultureInfo.InvariantCulture, $"{limit}");
        Add(query, "errorType", filter.ErrorType);
        Add(query, "step", filter.Step);
        Add(query, "stage", filter.Stage);
        Add(query, "partition", filter.Partition?.ToString(CultureInfo.InvariantCulture));
        Add(query, "after", after?.ToString());
        var request = To(HttpMethod.Get, pipeline, query.ToString());
        return (await wire.SendAsync(request, WireJson.Default.DeadLetterPageBody, cancellationToken).ConfigureAwait(false)).ToPage();
    }

    public async ValueTask<IReadOnlyList<DeadLetterError>> GroupErrorsAsync(string pipeline, CancellationToken cancellationToken)
    {
        var request = To(HttpMethod.Get, pipeline, "/errors");
        var groups = await wire.SendAsync(request, WireJson.Default.DeadLetterErrorsBody, cancellationToken).ConfigureAwait(false);
        return [.. groups.Errors.Select(static group => group.ToError())];
    }

    public async ValueTask<DeadLetter?> FindAsync(string pipeline, DeadLetterPosition position, CancellationToken cancellationToken)
    {
        var request = To(HttpMethod.Get, pipeline, string.Create(CultureInfo.InvariantCulture, $"/{position.Partition}/{position.Offset}"));
        try
        {
            return (await wire.SendAsync(request, WireJson.Default.DeadLetterBody, cancellationToken).ConfigureAwait(false)).ToDeadLetter();
        }
        catch (UnknownDeadLetterException)
        {
            return null;
        }
    }

    public ValueTask<long> ReplayAsync(string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        SettleAsync(pipeline, "/replay", filter, cancellationToken);

    public ValueTask<long> DiscardAsync(string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        SettleAsync(pipeline, "/discard", filter, cancellationToken);

    private static WireRequest To(HttpMethod method, string pipeline, string rest) =>
        WireRequest.ToPipeline(method, pipeline, "/dead-letters" + rest);

    private static void Add(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    /// <summary>Sets no time limit, because the duration depends on the number of dead letters.</summary>
    private async ValueTask<long> SettleAsync(string pipeline, string verb, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var body = DeadLetterSelectionBody.Of(filter);
        var request = To(HttpMethod.Post, pipeline, verb).WithJson(body, WireJson.Default.DeadLetterSelectionBody) with
        {
            Wait = Timeout.InfiniteTimeSpan,
        };
        return (await wire.SendAsync(request, WireJson.Default.SettledBody, cancellationToken).ConfigureAwait(false)).Count;
    }
}
