namespace Orleans.Pipeline.Sinks;

/// <summary>Binds a user's sink: gathers its values and delivers them before the commit.</summary>
internal sealed class DeliverySink<T>(string name, Func<IServiceProvider, ISink<T>> resolve) : BoundSink<T>(name)
{
    public override OutputFactory Prepare(OutputContext context)
    {
        var sink = resolve(context.Services);
        return new Factory(context.Probe?.Wrap(sink, Name) ?? sink);
    }

    private sealed class Factory(ISink<T> sink) : OutputFactory
    {
        public override SinkOutput Create() => new Output(sink);

        public override ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken) =>
            sink.OpenAsync(task, nextOffset, cancellationToken);
    }

    private sealed class Output(ISink<T> sink) : SinkOutput<T>
    {
        private readonly List<DeliveredValue<T>> _values = [];
        private int _kept;

        public override int Delivered => _values.Count;

        public override DeliveryPace? Pace => _values.Count > 0 ? sink.Pace : null;

        public override void Put(T value, StepContext context) => _values.Add(new DeliveredValue<T>(context.Offset, value));

        public override void Accept() => _kept = _values.Count;

        public override void Discard() => _values.RemoveRange(_kept, _values.Count - _kept);

        public override void Append(SinkOutput later)
        {
            _values.AddRange(((Output)later)._values);
            _kept = _values.Count;
        }

        public override ValueTask ReopenAsync(TaskId task, long firstOffset, CancellationToken cancellationToken) =>
            sink.OpenAsync(task, firstOffset, cancellationToken);

        public override ValueTask DeliverAsync(TaskId task, long firstOffset, long nextOffset, CancellationToken cancellationToken) =>
            _values.Count == 0
                ? ValueTask.CompletedTask
                : sink.WriteAsync(new Delivery<T>(task, firstOffset, nextOffset, _values), cancellationToken);
    }
}
