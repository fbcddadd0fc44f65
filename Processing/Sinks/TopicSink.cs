using Orleans.Pipeline.Serialization;

namespace Orleans.Pipeline.Sinks;

internal sealed class TopicSink(string name, int? partitions) : Sink
{
    internal override BoundSink<T> Bind<T>(SinkBinding<T> binding)
    {
        if (!TopicName.TryParse(name, out var topic, out var fault))
        {
            throw binding.Invalid($"its output has no valid name: {fault}");
        }

        return partitions is < 1 or > TopicSettings.MaximumPartitions
            ? throw binding.Invalid(
                $"output topic '{name}' cannot have {partitions} partitions; give 1 to {TopicSettings.MaximumPartitions}.")
            : new BoundTopicSink<T>(topic, partitions, binding);
    }

    private sealed class BoundTopicSink<T>(TopicName topic, int? partitions, SinkBinding<T> binding) : BoundSink<T>($"To({topic})")
    {
        public override TopicName? Topic => topic;

        public override int? Partitions => partitions;

        public override ValueFormat Values { get; } = new ValueFormat<T>(binding.Serializer);

        public override OutputFactory Prepare(OutputContext context) =>
            new Factory(topic, context.PartitionsOf(topic), context, binding);

        private sealed class Factory(TopicName topic, int partitions, OutputContext context, SinkBinding<T> binding) : OutputFactory
        {
            public override SinkOutput Create() => new TopicOutput<T>(topic, partitions, context, binding.Key, binding.Serializer);
        }
    }
}
