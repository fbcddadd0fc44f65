using System.Reflection;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Stands before an object and changes the answers of one of its methods.</summary>
internal static class Interposed
{
    /// <summary>Makes a stand-in.</summary>
    /// <param name="target">The object.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="change">Receives the arguments and the answer, and returns the answer to give instead.</param>
    public static T Before<T>(T target, string method, Func<object?[], object, object> change)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Set(target, method, change);
        return proxy;
    }

    private class Proxy : DispatchProxy
    {
        private object _target = null!;
        private string _method = null!;
        private Func<object?[], object, object> _change = null!;

        public void Set(object target, string method, Func<object?[], object, object> change) =>
            (_target, _method, _change) = (target, method, change);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var answer = targetMethod!.Invoke(_target, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
            return targetMethod.Name == _method ? _change(args!, answer!) : answer;
        }
    }
}
