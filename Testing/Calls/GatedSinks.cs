using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Testing.Calls;

/// <summary>The sinks outside the database as tasks reach them.</summary>
internal sealed class GatedSinks(CallGate gate) : ISinkProbe
{
    public ISink<T> Wrap<T>(ISink<T> sink, string name) => new GatedSink<T>(sink, name, gate);

    private sealed class GatedSink<T>(ISink<T> sink, string name, CallGate gate) : ISink<T>
    {
        public DeliveryPace? Pace => sink.Pace;

        public async ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken) => await gate.PassAsync(
            new(PipelineCall.OpenSink, task, $"{name} from offset {nextOffset} on"),
            async () =>
            {
                await sink.OpenAsync(task, nextOffset, cancellationToken);
                return true;
            });

        public async ValueTask WriteAsync(Delivery<T> delivery, CancellationToken cancellationToken) => await gate.PassAsync(
            new(PipelineCall.Deliver, delivery.Task, $"{Call.OffsetsOf(delivery.FirstOffset, delivery.NextOffset - 1)} to {name}"),
            async () =>
            {
                await sink.WriteAsync(delivery, cancellationToken);
                gate.Deliveries.AddRange(delivery.Values.Select(
                    delivered => new SinkDelivery(name, delivery.Task, delivered.Offset, delivered.Value)));
                return true;
            });
    }
}
