using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>What a look into a partition found.</summary>
/// <param name="Bounds">What the partition holds; null if it is gone.</param>
/// <param name="Batches">The batches read.</param>
internal readonly record struct ReadResult(PartitionBounds? Bounds, IReadOnlyList<RecordBatch> Batches);
