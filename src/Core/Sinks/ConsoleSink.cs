using System.Buffers;
using Orleans.Pipeline.Pipelines;

namespace Orleans.Pipeline.Sinks;

internal sealed class ConsoleSink : Sink
{
    internal override BoundSink<T> Bind<T>(SinkBinding<T> binding)
    {
        var writer = new LineWriter<T>(binding.Serializer);
        return new DeliverySink<T>("To(console)", _ => writer);
    }

    private sealed class LineWriter<T>(ISerializer<T> serializer) : ISink<T>
    {
        public async ValueTask WriteAsync(Delivery<T> delivery, CancellationToken cancellationToken)
        {
            var lines = new ArrayBufferWriter<byte>();
            foreach (var delivered in delivery.Values)
            {
                serializer.Serialize(delivered.Value, lines);
                lines.Write("\n"u8);
            }

            await using var output = System.Console.OpenStandardOutput();
            await output.WriteAsync(lines.WrittenMemory, cancellationToken);
        }
    }
}
