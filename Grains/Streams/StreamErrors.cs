using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// Passes the errors of a delivery to the error handler of its subscriber, each once: a record that cannot be read, and a partition that
/// ends before the subscriber's position. Orleans itself would deliver the batch again and again, and call no handler.
/// </summary>
/// <remarks>
/// Orleans delivers by a call to an extension of the subscriber, which this filter sees on its way in. The same extension has the method
/// that reaches the handler. The extension's interface is internal to Orleans, so the method is found by its name.
/// </remarks>
internal sealed class StreamErrors : IIncomingGrainCallFilter
{
    private const int Subscription = 0;
    private const int Batches = 2;
    private const string ErrorMethod = "ErrorInStream";

    private readonly ConditionalWeakTable<object, ConcurrentDictionary<object, Delivery>> _deliveries = [];

    public Task Invoke(IIncomingGrainCallContext context) =>
        context.Request.GetArgumentCount() > Batches && context.Request.GetArgument(Batches) is StreamBatchContainer batches
            ? DeliverAsync(context, batches)
            : context.Invoke();

    private async Task DeliverAsync(IIncomingGrainCallContext context, StreamBatchContainer batches)
    {
        var contract = context.Request.GetInterfaceType();
        var subscriber = context.TargetContext.GetComponent(contract)
            ?? throw new InvalidOperationException($"'{context.TargetId}' has no '{contract}', but a batch was delivered to it.");
        var subscription = context.Request.GetArgument(Subscription)!;
        var delivery = _deliveries.GetOrCreateValue(subscriber).GetOrAdd(subscription, static _ => new());
        var reports = new List<Task>();
        delivery.Begin(batches);
        batches.Failed = error =>
        {
            if (delivery.IsNew(error))
            {
                reports.Add((Task)contract.GetMethod(ErrorMethod)!.Invoke(subscriber, [subscription, error, CancellationToken.None])!);
            }
        };
        batches.ReportRange();
        try
        {
            await context.Invoke();
        }
        finally
        {
            batches.Failed = null;
            await Task.WhenAll(reports)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Remembers the errors that were reported of a delivery, because a failed delivery is repeated.</summary>
    private sealed class Delivery
    {
        private readonly HashSet<string> _reported = [];
        private (long First, long Next) _range;

        public void Begin(StreamBatchContainer batches)
        {
            if (_range != batches.Range && batches.HasRecords)
            {
                _range = batches.Range;
                _reported.Clear();
            }
        }

        public bool IsNew(Exception error) => _reported.Add(error.Message);
    }
}
