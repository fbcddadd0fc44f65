namespace Orleans.Pipeline.Grains.Workers;

/// <summary>A chunk came to a worker of another silo, which happens when its own is stopping. It is run again.</summary>
internal sealed class WrongSiloException(TaskId task) : PipelineException(
    $"A chunk of task '{task}' reached a worker on another silo and was not run there: this silo is stopping. The task goes on where it is taken over.");
