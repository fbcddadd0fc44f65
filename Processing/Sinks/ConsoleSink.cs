namespace Orleans.Pipeline.Sinks;

/// <summary>Writes lines to one stream. The lines of a delivery stay together, although several tasks write.</summary>
internal sealed class ConsoleSink(Func<Stream> open) : Sink
{
    internal override BoundSink<T> Bind<T>(SinkBinding<T> binding)
    {
        var writer = new LineWriter<T>(open, binding.Serializer);
        return new DeliverySink<T>("To(console)", _ => writer);
    }

    private sealed class LineWriter<T>(Func<Stream> open, ISerializer<T> serializer) : ISink<T>
    {
        private readonly Lazy<Stream> _output = new(open);
        private readonly SemaphoreSlim _turn = new(1);

        public async ValueTask WriteAsync(Delivery<T> delivery, CancellationToken cancellationToken)
        {
            var lines = Lines.Of(delivery, serializer);
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await _output.Value.WriteAsync(lines, cancellationToken);
                await _output.Value.FlushAsync(cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}
