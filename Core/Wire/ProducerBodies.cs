using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("The producer to open.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OpenProducerBody(
    [property: Description("A stable name of 1 to 128 characters that does not begin with upload:. "
        + "A restarted producer gets the same id and the next epoch. Null creates a new id.")] string? Name = null);

[Description("The identity of a producer.")]
internal sealed record ProducerBody(
    [property: Description("The producer id that its batches carry.")] long Id,
    [property: Description("The producer epoch that its batches carry.")] short Epoch);

[Description("The progress of a producer in a topic.")]
internal sealed record ProducerProgressBody(
    [property: Description("How many of the producer's records each partition has received, over all its epochs; "
        + "0 where that is not known.")] IReadOnlyList<long> Partitions);
