namespace Orleans.Pipeline.Grains.Streams;

/// <content>The next version sends more with consecutive batches.</content>
internal sealed partial class StreamBatchContainer
{
    [Id(5)]
    private readonly List<string>? _more = ["of the next version"];
}
