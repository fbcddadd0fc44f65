using Orleans.Pipeline.Cli.Lag;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>Checks the pipelines: their states, and their dead letters.</summary>
internal sealed class PipelineCheck(PipelineAdmin admin, DoctorReport report)
{
    public async Task RunAsync(PipelineStatus pipeline, CancellationToken cancellationToken)
    {
        var subject = $"pipeline {pipeline.Name}";
        switch (pipeline.State)
        {
            case RunState.Paused:
                report.Warn(
                    subject,
                    $"it is paused, {NumberText.Of(pipeline.Lag, "record")} behind",
                    $"If this is not intended: pipeline resume {pipeline.Name}");
                break;
            case RunState.Stopped:
                report.Fail(subject, "it is stopped", "Start its host again; the host's log says why it stopped.");
                break;
            default:
                report.Ok(subject, $"it is {pipeline.State.ToString().ToLowerInvariant()}, {NumberText.Of(pipeline.Lag, "record")} behind, {NumberText.Rate(pipeline.RecordsPerSecond)} a second");
                break;
        }

        foreach (var stage in pipeline.Stages)
        {
            CheckTasks(pipeline, stage, subject);
        }

        await CheckDeadLettersAsync(pipeline.Name, subject, cancellationToken);
    }

    /// <summary>Notes a stage that no host defines, whose checkpoints hold records and the topic.</summary>
    public static void Note(UndefinedStage stage, DoctorReport report) => report.Warn(
        $"pipeline {stage.Pipeline}",
        $"no host defines its stage '{stage.Stage}' on topic '{stage.Topic}', "
            + $"but the checkpoints of it hold {NumberText.Of(stage.Records, "record")} there and the topic itself",
        $"If it does not come back: pipeline forget {stage.Pipeline} --stage {stage.Stage}. "
            + $"Otherwise deploy it again before {NumberText.Time(stage.ForgetAt)}, when the hosts let go of it.");

    private void CheckTasks(PipelineStatus pipeline, StageStatus stage, string subject)
    {
        var failing = stage.Tasks.Where(task => task.State is RunState.Retrying or RunState.Stopped && pipeline.State != RunState.Stopped);
        foreach (var errors in failing.GroupBy(task => (task.State, task.Error)))
        {
            report.Fail(
                subject,
                $"partition {string.Join(", ", errors.Select(task => task.Partition))} of stage '{stage.Name}' "
                    + $"is {errors.Key.State.ToString().ToLowerInvariant()}: {errors.Key.Error ?? "no error is reported"}",
                errors.Key.State == RunState.Retrying
                    ? "It continues by itself when the error is gone; fix what the error names."
                    : "Start its host again; the host's log says why it stopped.");
        }

        foreach (var hot in stage.Tasks.Where(task => HotPartitions.IsHot(task, stage)))
        {
            report.Warn(
                subject,
                $"partition {hot.Partition} of stage '{stage.Name}' is {NumberText.Of(hot.Lag, "record")} behind, far more than the others",
                "Mostly one key has most of the records: choose a key that spreads them better.");
        }
    }

    private async Task CheckDeadLettersAsync(string pipeline, string subject, CancellationToken cancellationToken)
    {
        try
        {
            var errors = await admin.ListDeadLetterErrorsAsync(pipeline, cancellationToken);
            if (errors.Count > 0)
            {
                report.Warn(
                    subject,
                    $"{NumberText.Of(errors.Sum(error => error.Count), "dead letter")}, mostly in step {errors[0].Step}: {errors[0].Message}",
                    $"Look: pipeline dead-letters errors {pipeline}. Mend the cause, then replay or discard them.");
            }
        }
        catch (AccessDeniedException)
        {
            report.Ok(subject, "its dead letters were not checked: access is denied");
        }
    }
}
