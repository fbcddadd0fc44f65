namespace Orleans.Pipeline.Cli.Tests.Processes;

/// <summary>A test that runs the tool against the host.</summary>
[Collection(ServerCollection.Name)]
public abstract class ToolTest(ServerFixture server)
{
    /// <summary>The host.</summary>
    protected ServerFixture Server { get; } = server;

    /// <summary>A topic's name that no other test uses.</summary>
    protected static string NewTopic(string prefix = "topic") => $"{prefix}-{Guid.NewGuid():n}";

    /// <summary>Starts the tool.</summary>
    private protected Tool Start(params string[] arguments) => Tool.Start(Server.Environment(), arguments);

    /// <summary>Runs the tool to its end.</summary>
    private protected async Task<ToolResult> RunAsync(params string[] arguments)
    {
        using var tool = Start(arguments);
        return await tool.ExitAsync();
    }

    /// <summary>Runs the tool to its end with something on its standard input.</summary>
    private protected async Task<ToolResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var tool = Start(arguments);
        return await tool.ExitAsync(input);
    }

    /// <summary>Runs a script of bash, in which <c>pipeline</c> is the tool.</summary>
    private protected async Task<ToolResult> RunScriptAsync(string script)
    {
        using var tool = Tool.StartScript(Server.Environment(), $"pipeline() {{ {Tool.ShellCommand} \"$@\"; }}\n{script}");
        return await tool.ExitAsync();
    }
}
