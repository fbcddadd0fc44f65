using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>Discards dead letters.</summary>
internal sealed class DeadLetterDiscardCommand() : DeadLetterSettleCommand(
    "discard", "Take dead letters off the list for good; their records stay in the dead-letter topic as long as its retention says.")
{
    protected override string Done => "discarded";

    protected override string Consequence(string which) => $"This discards {which}: they cannot be replayed any more.";

    protected override ValueTask<long> SettleAsync(PipelineAdmin admin, string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        admin.DiscardDeadLettersAsync(pipeline, filter, cancellationToken);
}
