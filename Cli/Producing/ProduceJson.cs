namespace Orleans.Pipeline.Cli.Producing;

/// <summary>What came of an upload, as <c>--json</c> writes it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Complete">Whether the whole input is durable, but for bad lines that were passed over.</param>
/// <param name="Lines">Lines read.</param>
/// <param name="DurableLines">The last line of which is known that it, and every line before it, needs not to be sent again.</param>
/// <param name="Records">Records acknowledged.</param>
/// <param name="Repeated">Records that an earlier run of the same name had sent, and that were not sent again.</param>
/// <param name="BadLines">Bad lines that were passed over.</param>
/// <param name="Bytes">Bytes of the values that were sent.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="RecordsPerSecond">Records acknowledged per second.</param>
internal sealed record ProduceJson(
    TopicName Topic, bool Complete, long Lines, long DurableLines, long Records, long Repeated, long BadLines, long Bytes, double Seconds, double RecordsPerSecond);
