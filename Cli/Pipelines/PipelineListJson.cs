namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Pipelines, as <c>--json</c> writes them: each as the HTTP API has it.</summary>
internal sealed record PipelineListJson(IReadOnlyList<PipelineStatus> Pipelines);
