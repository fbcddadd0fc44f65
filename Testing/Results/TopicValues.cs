using System.Buffers;
using System.Text;
using Orleans.Pipeline.Serialization;

namespace Orleans.Pipeline.Testing.Results;

/// <summary>How the pipelines of a catalog read and write the values of their topics.</summary>
internal sealed class TopicValues(PipelineCatalog catalog)
{
    private IEnumerable<StageDefinition> Stages => catalog.Pipelines.SelectMany(pipeline => pipeline.Stages);

    /// <summary>Writes a value for the stages that read a topic. A stage that reads bytes is sent bytes, or text as UTF-8.</summary>
    /// <returns>The bytes; null for no value.</returns>
    /// <exception cref="PipelineTestException">No stage reads the topic, or none as the value's type.</exception>
    public ReadOnlyMemory<byte>? Write(string topic, object? value)
    {
        RequireReader(topic);
        if (value is null)
        {
            return null;
        }

        var readers = ReadersOf(topic).ToList();
        var bytes = value switch
        {
            string text => Encoding.UTF8.GetBytes(text),
            byte[] array => array,
            _ => value as ReadOnlyMemory<byte>?,
        };
        if (readers.Select(stage => stage.Values).FirstOrDefault(format => format.Fits(value)) is { } fitting)
        {
            var written = new ArrayBufferWriter<byte>();
            fitting.Write(value, written);
            return written.WrittenMemory;
        }

        return bytes is not null && readers.Exists(stage => stage.Values.Type == typeof(ReadOnlyMemory<byte>))
            ? bytes
            : throw new PipelineTestException(
                $"Topic '{topic}' cannot be sent a value of type {value.GetType().Name}: "
                + string.Join(", and ", readers.Select(
                    stage => $"stage '{stage.Name}' of pipeline '{stage.Pipeline}' reads {NameOf(stage.Values.Type)}"))
                + ". Send that, or send bytes as they are with SendBytes.");
    }

    /// <exception cref="PipelineTestException">No stage reads the topic.</exception>
    public void RequireReader(string topic)
    {
        if (!ReadersOf(topic).Any())
        {
            throw Names.Unknown(
                $"Topic '{topic}' is read by no stage", topic, "Topics that are read", Stages.Select(stage => stage.Source.Value));
        }
    }

    /// <summary>Finds the serializer for the values of a topic: that of a stage that reads it or writes it, or else JSON.</summary>
    /// <exception cref="PipelineTestException">The stages read and write other types.</exception>
    public ISerializer<T> SerializerOf<T>(TopicName topic)
    {
        var formats = Stages.Where(stage => stage.Source == topic).Select(stage => stage.Values)
            .Concat(Stages.SelectMany(stage => stage.Sinks).Where(sink => sink.Topic == topic).Select(sink => sink.Values!))
            .ToList();
        if (formats.OfType<ValueFormat<T>>().FirstOrDefault() is { } known)
        {
            return known.Serializer;
        }

        return formats.Count == 0 || formats.TrueForAll(format => format.Type == typeof(ReadOnlyMemory<byte>))
            ? Serializers.Default<T>(catalog.Json)
            : throw new PipelineTestException(
                $"The values of topic '{topic}' cannot be read as {typeof(T).Name}: the pipelines read and write "
                + $"{string.Join(" and ", formats.Select(format => NameOf(format.Type)).Distinct())}.");
    }

    private IEnumerable<StageDefinition> ReadersOf(string topic) => Stages.Where(stage => stage.Source.Value == topic);

    private static string NameOf(Type type) => type == typeof(ReadOnlyMemory<byte>) ? "bytes" : type.Name;
}
