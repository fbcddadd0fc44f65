namespace Orleans.Pipeline.Grains.Workers;

/// <summary>A chunk reached a worker on another silo, which happens while its own silo stops. The chunk is run again.</summary>
internal sealed class WrongSiloException(TaskId task) : PipelineException(
    $"A chunk of task '{task}' reached a worker on another silo and did not run, because this silo is stopping. "
    + "The next owner of the task runs it.");
