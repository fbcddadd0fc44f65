using Orleans.Pipeline.Dashboard.Access;
using Orleans.Pipeline.Dashboard.Sampling;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Dashboard.Tests.Access;

public sealed class ViewerTests
{
    private static readonly Snapshot Sampled = new() { Nodes = [new("silo-0", null, NodeState.Silent, null, null, null)] };

    [Theory]
    [InlineData(Scopes.Operate, 1)]
    [InlineData(Scopes.Consume, 0)]
    public void Only_a_user_with_the_scope_operate_gets_the_processes(Scopes scopes, int processes)
    {
        var viewer = new Viewer(new Caller("rita", scopes, Caller.AllNames, Caller.AllNames), isSignedIn: true);

        Assert.Equal(processes, viewer.Of(Sampled).Nodes.Count);
    }
}
