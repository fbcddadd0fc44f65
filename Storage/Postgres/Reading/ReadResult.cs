namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>What a look into a partition found.</summary>
/// <param name="Bounds">What the partition holds; null if it is gone.</param>
/// <param name="Batches">The batches read.</param>
internal readonly record struct ReadResult(PartitionBounds? Bounds, IReadOnlyList<RecordBatch> Batches);
