using Orleans.Pipeline.Cli;

return await PipelineTool.RunAsync(args);
