namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>From which offset on a segment holds a partition's batches.</summary>
internal readonly record struct PartitionSegment(long FirstOffset, int Segment);
