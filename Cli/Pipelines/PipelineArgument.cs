using System.CommandLine;
using Orleans.Pipeline.Cli.Completion;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>The argument that names a pipeline; the shell completes it with the pipelines of the server.</summary>
internal static class PipelineArgument
{
    public static Argument<string> Create()
    {
        var argument = new Argument<string>("pipeline") { HelpName = "PIPELINE", Description = "The pipeline's name." };
        argument.CompletionSources.Add(ServerNames.Pipelines);
        return argument;
    }
}
