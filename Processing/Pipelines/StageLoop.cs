namespace Orleans.Pipeline.Pipelines;

/// <summary>Finds stages of a pipeline that feed each other in a loop. Their records would circulate without end.</summary>
internal static class StageLoop
{
    /// <summary>Returns what is wrong with a stage that gets its own output or dead letters; null if there is none.</summary>
    public static string? Find(PipelineDefinition pipeline)
    {
        foreach (var stage in pipeline.Stages)
        {
            if (stage.Source == pipeline.DeadLetters)
            {
                return $"stage '{stage.Name}' reads the pipeline's own dead letters, so a record that fails there would come back without "
                    + $"end. Read '{stage.Source}' in another pipeline.";
            }

            if (stage.Outputs.Contains(stage.Source))
            {
                return $"stage '{stage.Name}' writes to the topic it reads, '{stage.Source}', and would never end. Write to another topic.";
            }

            if (ReachableFrom(stage, pipeline).Contains(stage.Source))
            {
                return $"the output of stage '{stage.Name}' comes back through other stages to the topic it reads, '{stage.Source}', "
                    + "and would never end. Write to another topic.";
            }
        }

        return null;
    }

    private static HashSet<TopicName> ReachableFrom(StageDefinition start, PipelineDefinition pipeline)
    {
        var reached = new HashSet<TopicName>();
        var next = new Stack<TopicName>(start.Outputs);
        while (next.TryPop(out var topic))
        {
            if (reached.Add(topic))
            {
                foreach (var output in pipeline.Stages.Where(stage => stage.Source == topic).SelectMany(stage => stage.Outputs))
                {
                    next.Push(output);
                }
            }
        }

        return reached;
    }
}
