using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("What opening a producer takes.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OpenProducerBody(
    [property: Description("A stable name, 1 to 128 characters, not beginning with upload:, under which a restarted producer gets its id again with the next epoch; null for a new id.")] string? Name = null);

[Description("A producer's identity on the wire.")]
internal sealed record ProducerBody(
    [property: Description("The producer id that its batches carry.")] long Id,
    [property: Description("The producer epoch that its batches carry.")] short Epoch);

[Description("How far a producer has come in a topic, on the wire.")]
internal sealed record ProducerProgressBody(
    [property: Description("How many of the producer's records each partition has taken in, over all its epochs; 0 where it is not known.")] IReadOnlyList<long> Partitions);
