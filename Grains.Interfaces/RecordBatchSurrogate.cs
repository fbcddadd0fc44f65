namespace Orleans.Pipeline.Grains;

/// <summary>A record batch between silos: its bytes, which carry everything.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.record-batch")]
internal partial struct RecordBatchSurrogate
{
    /// <summary>The whole batch in Kafka's layout.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Bytes;
}

/// <summary>Turns record batches into what travels, and back.</summary>
[RegisterConverter]
internal sealed class RecordBatchConverter : IConverter<RecordBatch, RecordBatchSurrogate>
{
    /// <inheritdoc />
    public RecordBatch ConvertFromSurrogate(in RecordBatchSurrogate surrogate) => RecordBatch.Trust(surrogate.Bytes);

    /// <inheritdoc />
    public RecordBatchSurrogate ConvertToSurrogate(in RecordBatch value) => new() { Bytes = value.Bytes };
}
