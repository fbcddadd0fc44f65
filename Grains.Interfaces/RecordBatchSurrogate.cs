namespace Orleans.Pipeline.Grains;

[GenerateSerializer, Immutable, Alias("pipeline.record-batch")]
internal partial struct RecordBatchSurrogate
{
    /// <summary>The whole batch in Kafka's layout.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Bytes;
}

[RegisterConverter]
internal sealed class RecordBatchConverter : IConverter<RecordBatch, RecordBatchSurrogate>
{
    /// <inheritdoc />
    public RecordBatch ConvertFromSurrogate(in RecordBatchSurrogate surrogate) => RecordBatch.Trust(surrogate.Bytes);

    /// <inheritdoc />
    public RecordBatchSurrogate ConvertToSurrogate(in RecordBatch value) => new() { Bytes = value.Bytes };
}
