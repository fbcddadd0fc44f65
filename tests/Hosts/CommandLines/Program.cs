using System.Text.Json;
using Orleans.Pipeline.Cli;

// Runs the command lines of a file, a JSON array of words each, one after the other in this process, because a process for each would take
// minutes for thousands of them. Writes how each ended to another file, a line at a time, so that a line is missing for one that takes the
// process with it.
using var ends = new StreamWriter(args[1]) { AutoFlush = true };
foreach (var line in File.ReadLines(args[0]))
{
    var errors = new StringWriter();
    Console.SetError(errors);
    string? thrown = null;
    var exitCode = -1;
    try
    {
        exitCode = await PipelineTool.RunAsync(JsonSerializer.Deserialize<string[]>(line)!).WaitAsync(TimeSpan.FromSeconds(30));
    }
    catch (Exception fault)
    {
        thrown = fault.ToString();
    }

    ends.WriteLine(JsonSerializer.Serialize(new object?[] { exitCode, errors.ToString(), thrown }));
}
